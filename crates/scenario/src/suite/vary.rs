//! Sensitivity: scenarios beside those of a suite, with one value changed or several drawn at random.

use super::file::{RangeFile, SampleFile, VaryFile};
use super::load::word;
use super::merge::{look, put, steps};
use serde_json::{Number, Value};

/// Name and content of scenarios.
type Scenarios = Vec<(String, Value)>;

/// Where a variation leads nowhere: a JSON pointer in the suite file, and the scenario.
type Lost = (String, String);

/// Each scenario with each value of `vary` alone. The given ones are not among them.
pub(super) fn varied(scenarios: &[(String, Value)], vary: &[VaryFile]) -> Result<Scenarios, Lost> {
    let mut out = Vec::new();
    for (name, base) in scenarios {
        for (i, one) in vary.iter().enumerate() {
            let lost = |key: &str| (format!("/vary/{i}/{key}"), name.clone());
            let path = steps(&one.pointer);
            let mut values = one.values.clone();
            for factor in &one.factors {
                let number = look(base, &path).and_then(Value::as_number).ok_or_else(|| lost("pointer"))?;
                values.push(times(number, *factor).ok_or_else(|| lost("factors"))?.into());
            }
            for (k, value) in values.iter().enumerate() {
                let mut changed = base.clone();
                if !put(&mut changed, &path, value) {
                    return Err(lost("pointer"));
                }
                out.push((format!("{name}.{}-{}", one.name, word(value, k)), changed));
            }
        }
    }
    Ok(out)
}

/// Each scenario `n` times with values drawn at random, the same draws for all.
pub(super) fn sampled(scenarios: &[(String, Value)], sample: &SampleFile) -> Result<Scenarios, Lost> {
    let mut out = Vec::new();
    for (name, base) in scenarios {
        let mut state = u64::from(sample.seed);
        for k in 1..=sample.n {
            let mut changed = base.clone();
            for (i, range) in sample.ranges.iter().enumerate() {
                let at = |key: &str| (format!("/sample/ranges/{i}/{key}"), name.clone());
                let value = draw(range, &mut state).ok_or_else(|| at("to"))?;
                if !put(&mut changed, &steps(&range.pointer), &value.into()) {
                    return Err(at("pointer"));
                }
            }
            out.push((format!("{name}.sample-{k:04}"), changed));
        }
    }
    Ok(out)
}

fn times(number: &Number, factor: f64) -> Option<Number> {
    match number.as_i64() {
        // Far from where a double is no longer a whole number of its own.
        Some(n) if n.unsigned_abs() < 1 << 52 => {
            let whole = (n as f64 * factor).round();
            (whole.abs() < 9e15).then_some(Number::from(whole as i64))
        }
        _ => Number::from_f64(millionths(number.as_f64()? * factor)),
    }
}

/// `None` where the range is empty.
fn draw(range: &RangeFile, state: &mut u64) -> Option<Number> {
    let random = next(state);
    match (range.from.as_i64(), range.to.as_i64()) {
        (Some(from), Some(to)) if from <= to => {
            let width = (i128::from(to) - i128::from(from) + 1) as u128;
            let step = (u128::from(random).checked_mul(width)? >> 64) as i128;
            Some(Number::from(i64::try_from(i128::from(from) + step).ok()?))
        }
        (Some(_), Some(_)) => None,
        _ => {
            let (from, to) = (range.from.as_f64()?, range.to.as_f64()?);
            let share = (random >> 11) as f64 / (1u64 << 53) as f64;
            Number::from_f64(millionths(from + share * (to - from))).filter(|_| from <= to)
        }
    }
}

/// Few enough decimals to be read.
fn millionths(x: f64) -> f64 {
    (x * 1e6).round() / 1e6
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers on every machine.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn base() -> Vec<(String, Value)> {
        vec![("b".to_owned(), json!({"pool": 8, "share": 0.5}))]
    }

    #[test]
    fn one_value_at_a_time() {
        let vary: Vec<VaryFile> = serde_json::from_value(json!([
            {"name": "pool", "pointer": "pool", "factors": [0.8, 1.2]},
            {"name": "share", "pointer": "share", "values": [0.25], "factors": [1.1]},
        ]))
        .unwrap();
        let got: Vec<_> =
            varied(&base(), &vary).unwrap().into_iter().map(|(n, v)| format!("{n} {v}")).collect();
        // 8 · 0.8 = 6.4 and 8 · 1.2 = 9.6: posts stay whole.
        assert_eq!(
            got,
            [
                r#"b.pool-6 {"pool":6,"share":0.5}"#,
                r#"b.pool-10 {"pool":10,"share":0.5}"#,
                r#"b.share-0.25 {"pool":8,"share":0.25}"#,
                r#"b.share-0.55 {"pool":8,"share":0.55}"#,
            ]
        );
        let lost: Vec<VaryFile> =
            serde_json::from_value(json!([{"name": "x", "pointer": "absent", "factors": [2]}])).unwrap();
        assert_eq!(varied(&base(), &lost).unwrap_err(), ("/vary/0/pointer".to_owned(), "b".to_owned()));
    }

    #[test]
    fn draws_are_the_same_for_a_seed_and_within_their_range() {
        let sample = |seed: u32, ranges: Value| -> SampleFile {
            serde_json::from_value(json!({"n": 200, "seed": seed, "ranges": ranges})).unwrap()
        };
        let ranges =
            || json!([{"pointer": "pool", "from": 2, "to": 4}, {"pointer": "share", "from": 0, "to": 0.5}]);
        let got = sampled(&base(), &sample(1, ranges())).unwrap();
        assert_eq!(got, sampled(&base(), &sample(1, ranges())).unwrap());
        assert_ne!(got, sampled(&base(), &sample(2, ranges())).unwrap());
        for n in 2..=4 {
            assert!(
                got.iter().filter(|(_, v)| v["pool"] == n).count() > 40,
                "{n} is drawn about 67 times of 200"
            );
        }
        assert!(got.iter().all(|(_, v)| (0.0..=0.5).contains(&v["share"].as_f64().unwrap())));
        assert_eq!(got[199].0, "b.sample-0200");
        let empty = json!([{"pointer": "pool", "from": 4, "to": 2}]);
        assert_eq!(sampled(&base(), &sample(1, empty)).unwrap_err().0, "/sample/ranges/0/to");
    }
}
