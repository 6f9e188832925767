//! One scenario changed by a part of another.

use serde_json::{Map, Value};

/// Applies a part of a scenario: objects merge key by key, lists of objects with an `id` by `id`, anything else
/// replaces; `null` removes a key. An object whose `kind` changes is replaced whole: keys of one kind mean nothing to
/// another.
pub(super) fn merge(into: &mut Value, part: &Value) {
    match (into, part) {
        (Value::Object(old), Value::Object(new)) => {
            if old.get("kind").zip(new.get("kind")).is_some_and(|(a, b)| a != b) {
                old.clear();
            }
            merge_keys(old, new);
        }
        (Value::Array(old), Value::Array(new)) if have_ids(old) && have_ids(new) => {
            for item in new {
                match old.iter_mut().find(|o| o["id"] == item["id"]) {
                    Some(same) => merge(same, item),
                    None => old.push(item.clone()),
                }
            }
        }
        (old, Value::Object(new)) => {
            let mut fresh = Map::new();
            merge_keys(&mut fresh, new);
            *old = Value::Object(fresh);
        }
        (old, new) => *old = new.clone(),
    }
}

fn merge_keys(old: &mut Map<String, Value>, new: &Map<String, Value>) {
    for (key, value) in new {
        if value.is_null() {
            // Keeps the order of what stays.
            old.shift_remove(key);
        } else {
            merge(old.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}

/// Whether a list is one of objects with an `id` each.
fn have_ids(list: &[Value]) -> bool {
    !list.is_empty() && list.iter().all(|item| item["id"].is_string())
}

/// The steps of a JSON pointer (`/a/b`) or of keys with dots (`a.b`).
pub(crate) fn steps(pointer: &str) -> Vec<String> {
    match pointer.strip_prefix('/') {
        Some(rest) => rest.split('/').map(|s| s.replace("~1", "/").replace("~0", "~")).collect(),
        None => pointer.split('.').map(str::to_owned).collect(),
    }
}

/// Puts a value at the end of the steps. Keys that are not there are made; `false`, and nothing sensible in `into`,
/// where a list has no such position or `id`, or where a step leads into a plain value.
pub(crate) fn put(into: &mut Value, steps: &[String], value: &Value) -> bool {
    let Some((step, rest)) = steps.split_first() else {
        *into = value.clone();
        return true;
    };
    let below = match into {
        Value::Object(keys) if rest.is_empty() && value.is_null() => {
            keys.shift_remove(step);
            return true;
        }
        Value::Object(keys) => Some(keys.entry(step.clone()).or_insert_with(|| Value::Object(Map::new()))),
        Value::Array(list) => match list.iter().position(|item| item["id"] == step.as_str()) {
            Some(i) => list.get_mut(i),
            None => step.parse::<usize>().ok().and_then(|i| list.get_mut(i)),
        },
        _ => None,
    };
    below.is_some_and(|below| put(below, rest, value))
}

/// The value at the end of the steps, found as [`put`] finds it.
pub(super) fn look<'a>(value: &'a Value, steps: &[String]) -> Option<&'a Value> {
    steps.iter().try_fold(value, |value, step| match value {
        Value::Object(keys) => keys.get(step),
        Value::Array(list) => match list.iter().find(|item| item["id"] == step.as_str()) {
            Some(item) => Some(item),
            None => step.parse::<usize>().ok().and_then(|i| list.get(i)),
        },
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn merged(mut old: Value, part: Value) -> Value {
        merge(&mut old, &part);
        old
    }

    #[test]
    fn objects_merge_and_null_removes() {
        let old = json!({"a": 1, "b": {"c": 2, "d": 3}, "e": [1, 2]});
        let got = merged(old, json!({"a": null, "b": {"c": 5}, "e": [9], "f": {"g": null, "h": 1}}));
        assert_eq!(got.to_string(), r#"{"b":{"c":5,"d":3},"e":[9],"f":{"h":1}}"#);
    }

    #[test]
    fn lists_of_identified_objects_merge() {
        let old = json!([{"id": "a", "x": 1, "y": 2}, {"id": "b"}]);
        let got = merged(old.clone(), json!([{"id": "c"}, {"id": "a", "x": 7}]));
        assert_eq!(got, json!([{"id": "a", "x": 7, "y": 2}, {"id": "b"}, {"id": "c"}]));
        assert_eq!(merged(old.clone(), json!([{"x": 1}])), json!([{"x": 1}]), "without id it replaces");
        assert_eq!(merged(old, json!([])), json!([]));
    }

    #[test]
    fn another_kind_replaces() {
        let old = json!({"problem": {"kind": "p-median", "p": 3}});
        let got = merged(old.clone(), json!({"problem": {"kind": "set-cover", "radius_min": 9}}));
        assert_eq!(got, json!({"problem": {"kind": "set-cover", "radius_min": 9}}));
        let same = merged(old, json!({"problem": {"kind": "p-median", "keep": "none"}}));
        assert_eq!(same["problem"]["p"], 3);
    }

    #[test]
    fn values_are_put_where_steps_lead() {
        let mut v = json!({"a": {"types": [{"id": "msp", "n": 1}, {"id": "c"}]}});
        assert!(put(&mut v, &steps("a.types.msp.n"), &json!(4)));
        assert!(put(&mut v, &steps("/a/types/1/n"), &json!(5)));
        assert!(put(&mut v, &steps("b.c"), &json!(6)));
        assert_eq!(v, json!({"a": {"types": [{"id": "msp", "n": 4}, {"id": "c", "n": 5}]}, "b": {"c": 6}}));
        assert_eq!(look(&v, &steps("a.types.c.n")), Some(&json!(5)));
        assert_eq!(look(&v, &steps("a.types.0.n")), Some(&json!(4)));
        assert_eq!((look(&v, &steps("a.types.7")), look(&v, &steps("b.c.d"))), (None, None));
        assert!(put(&mut v, &steps("b.c"), &Value::Null));
        assert_eq!(v["b"], json!({}));
        assert!(!put(&mut v, &steps("a.types.7.n"), &json!(1)));
        assert!(!put(&mut v, &steps("a.types.msp.n.deeper"), &json!(1)));
        assert_eq!(steps("/x~1y/z~0"), ["x/y", "z~"]);
    }
}
