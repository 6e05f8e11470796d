//! Shapes of the services' requests and answers, from botocore's models (see `shapes/extract.py`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value};

/// A service: its protocol, its operations and their shapes.
#[derive(Debug)]
pub(crate) struct Model {
    /// Our name for it, the one that an Automation step uses.
    pub name: &'static str,
    pub metadata: Value,
    pub operations: Map<String, Value>,
    shapes: Map<String, Value>,
}

/// One shape.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape<'m> {
    pub model: &'m Model,
    /// What the reference to it says: names and places on the wire.
    pub reference: &'m Value,
    /// What it is.
    pub body: &'m Value,
}

macro_rules! models {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../shapes/", $name, ".json")))),*]
    };
}

const TEXTS: [(&str, &str); 16] = models![
    "cloudformation",
    "cloudwatch",
    "config",
    "ec2",
    "events",
    "fis",
    "guardduty",
    "iam",
    "organizations",
    "s3",
    "s3control",
    "scheduler",
    "securityhub",
    "sqs",
    "ssm",
    "sts",
];

/// All services by name. A model that can't be read is left out; a test sees to it that there is none.
pub(crate) static MODELS: LazyLock<BTreeMap<&'static str, Model>> =
    LazyLock::new(|| TEXTS.iter().filter_map(|(name, text)| Some((*name, Model::read(name, text)?))).collect());

impl Model {
    fn read(name: &'static str, text: &str) -> Option<Self> {
        let Value::Object(mut parts) = serde_json::from_str(text).ok()? else { return None };
        let mut table = |key: &str| match parts.remove(key) {
            Some(Value::Object(table)) => Some(table),
            _ => None,
        };
        let (operations, shapes) = (table("operations")?, table("shapes")?);
        Some(Self { name, metadata: parts.remove("metadata")?, operations, shapes })
    }

    /// A text of the metadata.
    pub(crate) fn meta(&self, key: &str) -> &str {
        self.metadata[key].as_str().unwrap_or_default()
    }

    /// The input or output of an operation.
    pub(crate) fn side(&self, operation: &str, side: &str) -> Option<Shape<'_>> {
        self.shape(self.operations.get(operation)?.get(side)?)
    }

    fn shape<'m>(&'m self, reference: &'m Value) -> Option<Shape<'m>> {
        let body = self.shapes.get(reference["shape"].as_str()?)?;
        Some(Shape { model: self, reference, body })
    }
}

impl<'m> Shape<'m> {
    /// What kind of shape: `structure`, `list`, `map`, `string`, ...
    pub(crate) fn kind(self) -> &'m str {
        self.body["type"].as_str().unwrap_or("string")
    }

    /// Members of a structure.
    pub(crate) fn members(self) -> impl Iterator<Item = (&'m str, Shape<'m>)> {
        let members = self.body["members"].as_object().into_iter().flatten();
        members.filter_map(move |(name, reference)| Some((name.as_str(), self.model.shape(reference)?)))
    }

    /// The member of a list, the key or the value of a map.
    pub(crate) fn inner(self, which: &str) -> Option<Shape<'m>> {
        self.model.shape(&self.body[which])
    }

    /// What the reference says.
    pub(crate) fn said(self, key: &str) -> Option<&'m str> {
        self.reference[key].as_str()
    }

    /// Its name on the wire, where that differs from the member's.
    pub(crate) fn wire_name(self, member: &'m str) -> &'m str {
        self.said("locationName").unwrap_or(member)
    }

    /// Says whether a list has no element of its own around its members.
    pub(crate) fn flattened(self) -> bool {
        self.body["flattened"].as_bool() == Some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_can_be_read_and_every_shape_is_there() {
        assert_eq!(MODELS.len(), TEXTS.len());
        for model in MODELS.values() {
            for (name, operation) in &model.operations {
                for side in ["input", "output"] {
                    assert!(operation.get(side).is_none() || model.side(name, side).is_some(), "{name} {side}");
                }
            }
        }
    }
}
