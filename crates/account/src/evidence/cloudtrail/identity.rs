//! Who called: the `userIdentity` element of a record.

use serde::Serialize;

use super::Office;
use firedrill_model::scenario::{Emission, Identity as Kind};
use firedrill_model::{DrillTime, SafeText};

/// Who called.
#[derive(Debug, Clone)]
pub(crate) struct Caller<'a> {
    kind: Kind,
    /// `user`, `role/session`, or a service.
    user: String,
    /// Id of the access key, if the scenario names it.
    key: Option<&'a str>,
    /// Another account than ours.
    account: Option<&'a str>,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Identity {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_key_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_context: Option<Session>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoked_by: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    session_issuer: Issuer,
    attributes: SessionAttributes,
    #[serde(skip_serializing_if = "Option::is_none")]
    ec2_role_delivery: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Issuer {
    #[serde(rename = "type")]
    kind: &'static str,
    principal_id: String,
    arn: String,
    account_id: String,
    user_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionAttributes {
    creation_date: String,
    mfa_authenticated: &'static str,
}

/// What GuardDuty says of the key that was used.
#[derive(Serialize, Debug, Clone)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyDetails {
    access_key_id: String,
    principal_id: String,
    user_type: &'static str,
    user_name: String,
}

impl<'a> Caller<'a> {
    /// A session of a role, or a user.
    pub(crate) fn named(user: &str) -> Self {
        let kind = if user.contains('/') { Kind::Role } else { Kind::User };
        Self { kind, user: user.to_owned(), key: None, account: None }
    }

    /// A service of AWS.
    pub(crate) fn service_named(name: &str) -> Self {
        Self { kind: Kind::Service, ..Self::named(name) }
    }

    /// The same with a key that has a name.
    pub(crate) fn with_key(self, key: &'a str) -> Self {
        Self { key: Some(key), ..self }
    }

    /// The caller of an emission. `fill` puts names into a text.
    pub(super) fn of(emission: &'a Emission, fill: &impl Fn(&SafeText) -> String) -> Self {
        let user = emission.user.as_ref().map_or_else(|| "unknown".to_owned(), fill);
        let account = emission.from_account.as_ref().map(SafeText::as_str);
        let key = emission.key.as_ref().map(SafeText::as_str);
        let plain = Self::named(&user);
        let kind = match (emission.identity, account) {
            (Some(kind), _) => kind,
            (None, Some(_)) => Kind::Account,
            (None, None) => plain.kind,
        };
        Self { kind, key, account, ..plain }
    }

    /// The service that called, if it was one.
    pub(crate) fn service(&self) -> Option<&str> {
        (self.kind == Kind::Service).then_some(self.user.as_str())
    }

    /// A short name for lists.
    pub(crate) fn name(&self) -> String {
        match (self.kind, self.account) {
            (Kind::Anonymous, _) => "somebody who gave no name".to_owned(),
            (Kind::Root, _) => "root".to_owned(),
            (Kind::Account, Some(account)) => format!("account {account}"),
            _ => self.user.clone(),
        }
    }

    /// The account of the caller.
    pub(crate) fn account<'s>(&'s self, office: &'s Office) -> &'s str {
        self.account.unwrap_or(office.account_id())
    }

    /// The account in which a call is made: that of the session, where an organisation's trail shows another one's.
    pub(super) fn account_of_session<'s>(&'s self, office: &'s Office) -> &'s str {
        if self.kind == Kind::Role { self.account(office) } else { office.account_id() }
    }

    /// Nobody who has said who they are.
    pub(super) fn is_anonymous(&self) -> bool {
        self.kind == Kind::Anonymous
    }

    /// Says whether the caller belongs to another account.
    pub(crate) fn is_elsewhere(&self) -> bool {
        self.account.is_some()
    }

    /// Role and session name.
    fn session(&self) -> (&str, &str) {
        self.user.split_once('/').unwrap_or((self.user.as_str(), "session"))
    }

    /// The service that has this role to itself and calls with it.
    pub(super) fn service_of_role(&self) -> Option<&'static str> {
        match self.session().0 {
            "AWSServiceRoleForAutoScaling" => Some("autoscaling.amazonaws.com"),
            "AWSServiceRoleForConfig" => Some("config.amazonaws.com"),
            _ => None,
        }
    }

    /// A session of an instance, or a key that is kept on one.
    pub(super) fn is_on_instance(&self) -> bool {
        self.session().1.starts_with("i-") || self.kind == Kind::User
    }

    pub(super) fn principal(&self, office: &Office) -> String {
        match self.kind {
            Kind::Root => self.account(office).to_owned(),
            _ if self.user.contains('/') => {
                let (role, session) = self.session();
                format!("{}:{session}", role_id(office, role))
            }
            _ => office.iam_id("AIDA", &self.user),
        }
    }

    /// The access key: the one that the scenario names, or one that belongs to the caller. A role that got new credentials has
    /// new keys from then on.
    pub(super) fn access_key(&self, office: &Office, at: DrillTime) -> String {
        if let Some(key) = self.key {
            return key.to_owned();
        }
        let temporary = self.kind == Kind::Role;
        let (times, _) = office.session_of(&self.user, at);
        let letters = office.base32(&self.user, 2 + 16 * times, 16);
        format!("{}{letters}", if temporary { "ASIA" } else { "AKIA" })
    }

    /// The element in a record of this moment.
    pub(super) fn identity(&self, office: &Office, at: DrillTime) -> Identity {
        let account = self.account(office);
        let whole = Identity {
            principal_id: Some(self.principal(office)),
            account_id: Some(account.to_owned()),
            access_key_id: Some(self.access_key(office, at)),
            ..Identity::default()
        };
        match self.kind {
            Kind::User => Identity {
                kind: "IAMUser",
                arn: Some(format!("arn:aws:iam::{account}:user/{}", self.user)),
                user_name: Some(self.user.clone()),
                ..whole
            },
            Kind::Role => self.role(office, whole, at),
            Kind::Root => Identity { kind: "Root", arn: Some(format!("arn:aws:iam::{account}:root")), ..whole },
            Kind::Account => Identity { kind: "AWSAccount", access_key_id: None, ..whole },
            Kind::Service => {
                Identity { kind: "AWSService", invoked_by: Some(self.user.clone()), ..Identity::default() }
            }
            Kind::Anonymous => Identity {
                kind: "AWSAccount",
                principal_id: Some(String::new()),
                account_id: Some("anonymous".to_owned()),
                ..Identity::default()
            },
        }
    }

    fn role(&self, office: &Office, whole: Identity, at: DrillTime) -> Identity {
        let (role, session) = self.session();
        let account = self.account(office);
        let issuer = Issuer {
            kind: "Role",
            principal_id: role_id(office, role),
            arn: match self.service_of_role() {
                Some(service) => format!("arn:aws:iam::{account}:role/aws-service-role/{service}/{role}"),
                None => format!("arn:aws:iam::{account}:role/{role}"),
            },
            account_id: account.to_owned(),
            user_name: role.to_owned(),
        };
        let (_, since) = office.session_of(&self.user, at);
        Identity {
            kind: "AssumedRole",
            arn: Some(format!("arn:aws:sts::{account}:assumed-role/{role}/{session}")),
            session_context: Some(Session {
                session_issuer: issuer,
                attributes: SessionAttributes { creation_date: since, mfa_authenticated: "false" },
                ec2_role_delivery: session.starts_with("i-").then_some("2.0"),
            }),
            invoked_by: self.service_of_role().map(str::to_owned),
            ..whole
        }
    }

    /// What GuardDuty says of the key.
    pub(crate) fn key_details(&self, office: &Office, at: DrillTime) -> KeyDetails {
        KeyDetails {
            access_key_id: self.access_key(office, at),
            principal_id: self.principal(office),
            user_type: match self.kind {
                Kind::Role => "AssumedRole",
                Kind::Root => "Root",
                Kind::User => "IAMUser",
                Kind::Service => "AWSService",
                Kind::Account | Kind::Anonymous => "AWSAccount",
            },
            user_name: self.session().0.to_owned(),
        }
    }
}

fn role_id(office: &Office, role: &str) -> String {
    office.iam_id("AROA", role)
}
