//! A response together with what it is to be aimed at: the right door.

use serde::{Deserialize, Serialize};

use crate::id::{ActionId, StageId, TargetId};

/// A response, and what it is to be aimed at. Written as the response's id, or as a table: `{ act = "isolate", target = "i-0001" }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Aimed {
    /// Which response.
    pub act: ActionId,
    /// At what.
    pub at: Aim,
}

/// What a response is to be aimed at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aim {
    /// It makes no difference, or is not said.
    Anything,
    /// What a finding that the team has seen is about.
    FromFinding,
    /// Where this stage takes place. What the team can't know completes no step and gives nothing away during the drill: only Verify tells.
    WhereStage(StageId),
    /// Any of these.
    AnyOf(Vec<TargetId>),
    /// All of these, one after the other.
    AllOf(Vec<TargetId>),
}

impl Aimed {
    /// The targets that it names by their ids.
    #[must_use]
    pub fn targets(&self) -> &[TargetId] {
        match &self.at {
            Aim::AnyOf(ids) | Aim::AllOf(ids) => ids,
            Aim::Anything | Aim::FromFinding | Aim::WhereStage(_) => &[],
        }
    }
}

impl core::fmt::Display for Aimed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}", self.act)
    }
}

impl From<ActionId> for Aimed {
    fn from(act: ActionId) -> Self {
        Self { act, at: Aim::Anything }
    }
}

/// As it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Id(ActionId),
    Table(Table),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Table {
    act: ActionId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target: Option<TargetId>,
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    from_finding: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    where_stage: Option<StageId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    any_of: Option<Vec<TargetId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    all_of: Option<Vec<TargetId>>,
}

/// A response is aimed in two ways at once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a response is aimed in one way only: `target`, `from-finding`, `where-stage`, `any-of` or `all-of`")]
pub struct AimedTwice;

impl TryFrom<Written> for Aimed {
    type Error = AimedTwice;
    fn try_from(written: Written) -> Result<Self, AimedTwice> {
        let table = match written {
            Written::Id(act) => return Ok(act.into()),
            Written::Table(table) => table,
        };
        let aims = [
            table.target.map(|target| Aim::AnyOf(alloc::vec![target])),
            table.from_finding.then_some(Aim::FromFinding),
            table.where_stage.map(Aim::WhereStage),
            table.any_of.map(Aim::AnyOf),
            table.all_of.map(Aim::AllOf),
        ];
        let mut said = aims.into_iter().flatten();
        let at = said.next().unwrap_or(Aim::Anything);
        if said.next().is_some() { Err(AimedTwice) } else { Ok(Self { act: table.act, at }) }
    }
}

impl From<Aimed> for Written {
    fn from(Aimed { act, at }: Aimed) -> Self {
        let nothing = Table { act, target: None, from_finding: false, where_stage: None, any_of: None, all_of: None };
        Self::Table(match at {
            Aim::Anything => return Self::Id(nothing.act),
            Aim::FromFinding => Table { from_finding: true, ..nothing },
            Aim::WhereStage(stage) => Table { where_stage: Some(stage), ..nothing },
            Aim::AnyOf(ids) => Table { any_of: Some(ids), ..nothing },
            Aim::AllOf(ids) => Table { all_of: Some(ids), ..nothing },
        })
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Aimed {
    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "Aimed".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let act = generator.subschema_for::<ActionId>();
        let target = generator.subschema_for::<TargetId>();
        let stage = generator.subschema_for::<StageId>();
        let several = |what: &str| schemars::json_schema!({ "description": what, "type": "array", "items": target, "minItems": 1, "maxItems": 100 });
        schemars::json_schema!({
            "description": "A response, and what it is to be aimed at: its id, or a table with `act` and one of the other keys.",
            "oneOf": [
                act,
                {
                    "type": "object",
                    "properties": {
                        "act": act,
                        "target": target,
                        "from-finding": { "description": "What a finding that the team has seen is about.", "type": "boolean" },
                        "where-stage": stage,
                        "any-of": several("Any of these."),
                        "all-of": several("All of these, one after the other.")
                    },
                    "required": ["act"],
                    "additionalProperties": false
                }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_is_written_as_its_id_or_with_one_aim() {
        let read = |text: &str| serde_json::from_str::<Aimed>(text);
        let back = |aimed: &Aimed| serde_json::to_string(aimed).unwrap();
        for (text, at) in [
            (r#""isolate""#, Aim::Anything),
            (r#"{"act":"isolate","from-finding":true}"#, Aim::FromFinding),
            (r#"{"act":"isolate","where-stage":"mining"}"#, Aim::WhereStage(StageId::new("mining").unwrap())),
            (r#"{"act":"isolate","any-of":["i-1"]}"#, Aim::AnyOf(alloc::vec![TargetId::new("i-1").unwrap()])),
            (r#"{"act":"isolate","all-of":["i-1"]}"#, Aim::AllOf(alloc::vec![TargetId::new("i-1").unwrap()])),
        ] {
            let aimed = read(text).unwrap();
            assert_eq!(aimed.at, at, "{text}");
            assert_eq!(back(&aimed), text);
        }
        assert_eq!(read(r#"{"act":"isolate","target":"i-1"}"#).unwrap().targets().len(), 1);
        read(r#"{"act":"isolate","target":"i-1","from-finding":true}"#).unwrap_err();
    }
}
