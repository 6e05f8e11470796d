//! The kinds of things that have names, and what they are called.

use firedrill_model::scenario::{ResourceKind, TargetKind};

/// Kinds of things that have names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Service,
    Target(TargetSort),
    Signal,
    Stage,
    Detector,
    Action,
    Step,
    Inject,
    Objective,
    Technique,
}

/// Kinds of things that a response can be aimed at. They share one set of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetSort {
    Instance,
    Group,
    Role,
    SecurityGroup,
    Channel,
    User,
    AccessKey,
    NetworkAcl,
    Bucket,
    Database,
    Snapshot,
    Automation,
    /// A role or a user.
    Principal,
    /// What can let the world in.
    Opening,
    /// What can be destroyed.
    Store,
    /// Anything in `[[resource]]`.
    Resource,
}

impl TargetSort {
    /// The sort of a resource.
    pub fn of_resource(kind: ResourceKind) -> Self {
        match kind {
            ResourceKind::Role => Self::Role,
            ResourceKind::SecurityGroup => Self::SecurityGroup,
            ResourceKind::User => Self::User,
            ResourceKind::AccessKey => Self::AccessKey,
            ResourceKind::NetworkAcl => Self::NetworkAcl,
            ResourceKind::Bucket => Self::Bucket,
            ResourceKind::Database => Self::Database,
            ResourceKind::Snapshot => Self::Snapshot,
        }
    }

    /// The sorts that it stands for: itself, or several.
    fn parts(self) -> &'static [Self] {
        match self {
            Self::Instance => &[Self::Instance],
            Self::Group => &[Self::Group],
            Self::Role => &[Self::Role],
            Self::SecurityGroup => &[Self::SecurityGroup],
            Self::Channel => &[Self::Channel],
            Self::User => &[Self::User],
            Self::AccessKey => &[Self::AccessKey],
            Self::NetworkAcl => &[Self::NetworkAcl],
            Self::Bucket => &[Self::Bucket],
            Self::Database => &[Self::Database],
            Self::Snapshot => &[Self::Snapshot],
            Self::Automation => &[Self::Automation],
            Self::Principal => &[Self::Role, Self::User],
            Self::Opening => &[Self::SecurityGroup, Self::Bucket, Self::Database, Self::Snapshot],
            Self::Store => &[Self::Bucket, Self::Database, Self::Snapshot],
            Self::Resource => &Self::RESOURCES,
        }
    }

    /// The sorts of what stands in `[[resource]]`.
    pub const RESOURCES: [Self; 8] = [
        Self::Role,
        Self::SecurityGroup,
        Self::User,
        Self::AccessKey,
        Self::NetworkAcl,
        Self::Bucket,
        Self::Database,
        Self::Snapshot,
    ];

    fn noun(self) -> (&'static str, &'static str) {
        match self {
            Self::Instance => ("an", "instance"),
            Self::Group => ("an", "auto scaling group"),
            Self::Role => ("a", "role"),
            Self::SecurityGroup => ("a", "security group"),
            Self::Channel => ("a", "channel"),
            Self::User => ("a", "user"),
            Self::AccessKey => ("an", "access key"),
            Self::NetworkAcl => ("a", "network ACL"),
            Self::Bucket => ("a", "bucket"),
            Self::Database => ("a", "database"),
            Self::Snapshot => ("a", "snapshot"),
            Self::Automation => ("an", "automation"),
            Self::Principal => ("a", "role or user"),
            Self::Opening => ("a", "security group, bucket, database or snapshot"),
            Self::Store => ("a", "bucket, database or snapshot"),
            Self::Resource => ("a", "resource"),
        }
    }

    fn section(self) -> &'static str {
        match self {
            Self::Instance => "[[service.instance]]",
            Self::Group => "[service.group]",
            Self::Role => "[[resource]] with kind = \"role\"",
            Self::SecurityGroup => "[[resource]] with kind = \"security-group\"",
            Self::Channel => "[[channel]]",
            Self::User => "[[resource]] with kind = \"user\"",
            Self::AccessKey => "[[resource]] with kind = \"access-key\"",
            Self::NetworkAcl => "[[resource]] with kind = \"network-acl\"",
            Self::Bucket => "[[resource]] with kind = \"bucket\"",
            Self::Database => "[[resource]] with kind = \"database\"",
            Self::Snapshot => "[[resource]] with kind = \"snapshot\"",
            Self::Automation => "[[automation]]",
            Self::Principal | Self::Opening | Self::Store | Self::Resource => "[[resource]]",
        }
    }
}

impl Kind {
    pub const CHANNEL: Self = Self::Target(TargetSort::Channel);
    pub const INSTANCE: Self = Self::Target(TargetSort::Instance);
    pub const ROLE: Self = Self::Target(TargetSort::Role);
    pub const SECURITY_GROUP: Self = Self::Target(TargetSort::SecurityGroup);

    /// The kind with and without its article.
    pub fn noun(self) -> (&'static str, &'static str) {
        match self {
            Self::Service => ("a", "service"),
            Self::Target(sort) => sort.noun(),
            Self::Signal => ("a", "signal"),
            Self::Stage => ("a", "stage"),
            Self::Detector => ("a", "detector"),
            Self::Action => ("an", "action"),
            Self::Step => ("a", "step"),
            Self::Inject => ("an", "inject"),
            Self::Objective => ("an", "objective"),
            Self::Technique => ("a", "technique"),
        }
    }

    /// Where such things are defined.
    pub fn section(self) -> &'static str {
        match self {
            Self::Service => "[[service]]",
            Self::Target(sort) => sort.section(),
            Self::Signal => "[[signal]]",
            Self::Stage => "[[stage]]",
            Self::Detector => "[[detector]]",
            Self::Action => "[[action]]",
            Self::Step => "[[playbook.step]]",
            Self::Inject => "[[inject]]",
            Self::Objective => "[[objective]]",
            Self::Technique => "[[technique]]",
        }
    }

    /// What an action of this kind is aimed at.
    pub fn of_target(kind: TargetKind) -> Option<Self> {
        let sort = match kind {
            TargetKind::None => return None,
            TargetKind::Instance => TargetSort::Instance,
            TargetKind::Group => TargetSort::Group,
            TargetKind::Role => TargetSort::Role,
            TargetKind::SecurityGroup => TargetSort::SecurityGroup,
            TargetKind::Channel => TargetSort::Channel,
            TargetKind::User => TargetSort::User,
            TargetKind::AccessKey => TargetSort::AccessKey,
            TargetKind::NetworkAcl => TargetSort::NetworkAcl,
            TargetKind::Bucket => TargetSort::Bucket,
            TargetKind::Database => TargetSort::Database,
            TargetKind::Snapshot => TargetSort::Snapshot,
            TargetKind::Automation => TargetSort::Automation,
            TargetKind::Principal => TargetSort::Principal,
        };
        Some(Self::Target(sort))
    }

    /// The kinds under which such things are noted: itself, or several.
    pub fn parts(self) -> Vec<Self> {
        match self {
            Self::Target(sort) => sort.parts().iter().map(|part| Self::Target(*part)).collect(),
            kind => vec![kind],
        }
    }

    /// `a service`.
    pub fn with_article(self) -> String {
        let (article, noun) = self.noun();
        format!("{article} {noun}")
    }
}
