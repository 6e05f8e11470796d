//! What stands in Automation documents: references, selectors, durations.

use serde_json::{Map, Value};

/// Values that references name: `Parameter`, `step.Output`, `global:REGION`.
pub(super) type Names = Map<String, Value>;

/// A value with its references replaced. One that is nothing but a reference becomes what it names, with its type.
pub(super) fn filled(value: &Value, names: &Names) -> Result<Value, String> {
    match value {
        Value::String(text) => filled_text(text, names),
        Value::Array(items) => items.iter().map(|item| filled(item, names)).collect(),
        Value::Object(fields) => {
            let filled = fields.iter().map(|(key, value)| Ok((key.clone(), filled(value, names)?)));
            filled.collect::<Result<Map<_, _>, String>>().map(Value::Object)
        }
        other => Ok(other.clone()),
    }
}

fn filled_text(text: &str, names: &Names) -> Result<Value, String> {
    let value_of = |name: &str| names.get(name.trim()).ok_or_else(|| format!("nothing is called {}", name.trim()));
    if let Some(inner) = text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"))
        && !inner.contains("{{")
    {
        return value_of(inner).cloned();
    }
    let (mut done, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else { break };
        done.push_str(before);
        match value_of(name)? {
            Value::String(text) => done.push_str(text),
            other => done.push_str(&other.to_string()),
        }
        rest = after;
    }
    done.push_str(rest);
    Ok(done.into())
}

/// What a selector finds: `$.A.B`, `$.A[0].B`, `$.A..B`, `$.A[*].B`.
pub(super) fn selected(selector: &str, value: &Value) -> Vec<Value> {
    let mut found = vec![value.clone()];
    let mut rest = selector.trim_start_matches('$');
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("..") {
            let (name, after) = name(after);
            let mut deep = Vec::new();
            for one in &found {
                below(one, name, &mut deep);
            }
            (found, rest) = (deep, after);
        } else if let Some(after) = rest.strip_prefix('.') {
            let (name, after) = name(after);
            found = found.iter().filter_map(|one| one.get(name)).cloned().collect();
            rest = after;
        } else if let Some((index, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            found = match index.parse::<usize>() {
                Ok(index) => found.iter().filter_map(|one| one.get(index)).cloned().collect(),
                Err(_) => found.iter().filter_map(Value::as_array).flatten().cloned().collect(),
            };
            rest = after;
        } else {
            return Vec::new();
        }
    }
    found
}

fn name(text: &str) -> (&str, &str) {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    text.split_at(end)
}

fn below(value: &Value, name: &str, found: &mut Vec<Value>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                if key == name {
                    found.push(value.clone());
                }
                below(value, name, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| below(item, name, found)),
        _ => {}
    }
}

/// Seconds of an ISO 8601 duration of days, hours, minutes and seconds.
pub(super) fn seconds(duration: &str) -> Option<f64> {
    let (mut total, mut number) = (0.0, String::new());
    for letter in duration.strip_prefix('P')?.chars() {
        match letter {
            'T' => {}
            digit if digit.is_ascii_digit() || digit == '.' => number.push(digit),
            unit => {
                let each = match unit {
                    'D' => 86_400.0,
                    'H' => 3_600.0,
                    'M' => 60.0,
                    'S' => 1.0,
                    _ => return None,
                };
                total += each * std::mem::take(&mut number).parse::<f64>().ok()?;
            }
        }
    }
    number.is_empty().then_some(total)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_keep_their_type_where_they_stand_alone() {
        let names: Names = [("A".to_owned(), json!(["x"])), ("s.B".to_owned(), json!("y"))].into_iter().collect();
        assert_eq!(filled(&json!("{{ A }}"), &names), Ok(json!(["x"])));
        assert_eq!(filled(&json!({ "k": "a {{s.B}} {{ s.B }}" }), &names), Ok(json!({ "k": "a y y" })));
        assert!(filled(&json!("{{ C }}"), &names).is_err());
    }

    #[test]
    fn selectors_find_what_they_name() {
        let value = json!({ "L": [{ "Id": "a" }, { "Id": "b", "In": { "Id": "c" } }] });
        assert_eq!(selected("$.L[1].Id", &value), [json!("b")]);
        assert_eq!(selected("$.L..Id", &value), [json!("a"), json!("b"), json!("c")]);
        assert_eq!(selected("$.L[*].Id", &value), [json!("a"), json!("b")]);
        assert!(selected("$.L[7].Id", &value).is_empty());
    }

    #[test]
    fn durations_are_read() {
        assert_eq!(seconds("PT1H2M3S"), Some(3_723.0));
        assert_eq!(seconds("P1D"), Some(86_400.0));
        assert_eq!((seconds("5"), seconds("PT5")), (None, None));
    }
}
