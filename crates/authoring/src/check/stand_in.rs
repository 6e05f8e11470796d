//! Values that fit, in place of those that don't, so that the rest of the checks can go on.

use serde_json::{Map, Value as Json};

use super::shape::{Shape, Table};

/// Makes stand-ins, each with a name of its own where it needs one.
#[derive(Debug, Default)]
pub struct StandIns {
    named: usize,
}

impl StandIns {
    /// Something that fits `shape`.
    pub fn of(&mut self, shape: &Shape) -> Json {
        match shape {
            Shape::Text { .. } => Json::from("unread"),
            Shape::Id | Shape::IdOr(_) => {
                self.named += 1;
                Json::from(format!("unread-{}", self.named))
            }
            Shape::Span { shortest, .. } => Json::from(shortest.to_string()),
            Shape::Whole { min, max } => Json::from(1.clamp(*min, *max)),
            Shape::Number { min, max } => Json::from(1.0_f64.clamp(*min, *max)),
            Shape::Flag => Json::from(true),
            Shape::Words(words) | Shape::Either { words, .. } => words.first().cloned().map_or(Json::Null, Json::from),
            Shape::List { .. } => Json::Array(Vec::new()),
            Shape::Table(table) => Json::Object(self.required(table)),
            Shape::Tagged { tag, variants } => {
                let Some((word, table)) = variants.first() else { return Json::Null };
                let mut map = self.required(table);
                map.insert(tag.clone(), Json::from(word.as_str()));
                Json::Object(map)
            }
            Shape::Unknown => Json::Null,
        }
    }

    fn required(&mut self, table: &Table) -> Map<String, Json> {
        let required = table.keys.iter().filter(|(_, key)| key.required);
        required.map(|(name, key)| (name.clone(), self.of(&key.shape))).collect()
    }
}
