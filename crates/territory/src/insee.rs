//! The form of INSEE codes of communes, and the communes that are cut into arrondissements.

use std::ops::RangeInclusive;

/// Whether a text has the form of a commune code: `42187`, `2A004`.
pub(crate) fn is_commune(code: &str) -> bool {
    let bytes = code.as_bytes();
    bytes.len() == 5
        && bytes.iter().enumerate().all(|(i, b)| b.is_ascii_digit() || (i == 1 && matches!(b, b'A' | b'B')))
        && (bytes[1].is_ascii_digit() || bytes[0] == b'2')
}

/// The commune code that a text is when a zero is put before it: `03004` for `3004`.
pub(crate) fn with_zero(code: &str) -> Option<String> {
    let lost = code.len() == 4 && code.bytes().all(|b| b.is_ascii_digit());
    lost.then(|| format!("0{code}"))
}

/// Whether codes of four digits among these are INSEE codes that lost their zero: there are codes of communes, and
/// more of them than of any identifiers of one's own. Numbers shorter still are such identifiers: 1, 2 … 12000.
pub(crate) fn lost_zeros<'a>(codes: impl Iterator<Item = &'a str>) -> bool {
    let (mut communes, mut own, mut short) = (0u64, 0u64, false);
    for code in codes {
        if is_commune(code) {
            communes += 1;
        } else if with_zero(code).is_none() {
            own += 1;
            short |= code.len() < 4 && code.bytes().all(|b| b.is_ascii_digit());
        }
    }
    communes > own && !short
}

/// Communes cut into municipal arrondissements: Paris, Lyon, Marseille.
const CUT: [(&str, RangeInclusive<u32>); 3] =
    [("75056", 75_101..=75_120), ("69123", 69_381..=69_389), ("13055", 13_201..=13_216)];

/// The commune that an arrondissement belongs to.
pub(crate) fn commune_of(code: &str) -> Option<&'static str> {
    let number: u32 = code.parse().ok().filter(|_| is_commune(code))?;
    CUT.iter().find(|(_, parts)| parts.contains(&number)).map(|(commune, _)| *commune)
}

/// The arrondissements of a commune; none but for Paris, Lyon and Marseille.
pub(crate) fn arrondissements(code: &str) -> impl Iterator<Item = String> {
    let parts = CUT.iter().find(|(commune, _)| *commune == code).map(|(_, parts)| parts.clone());
    parts.into_iter().flatten().map(|number| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_lost_among_communes_only() {
        let lost = |codes: &[&str]| lost_zeros(codes.iter().copied());
        assert!(lost(&["3004", "42187"]) && lost(&["3004", "3005", "3006", "2A004"]));
        assert!(!lost(&["3004", "3005"]), "nothing says that these are INSEE codes");
        assert!(!lost(&["1234", "a", "c1"]) && !lost(&["1234", "a", "10000"]));
        assert!(!lost(&["1", "999", "1000", "9999", "10000", "10001", "10002", "10003"]), "counted from 1");
        assert_eq!(with_zero("3004").as_deref(), Some("03004"));
        assert_eq!([with_zero("304"), with_zero("A004"), with_zero("03004")], [None, None, None]);
    }

    #[test]
    fn arrondissements_belong_to_their_commune() {
        let of = ["75101", "75120", "69381", "69389", "13201", "13216"].map(commune_of);
        assert_eq!(of.map(Option::unwrap), ["75056", "75056", "69123", "69123", "13055", "13055"]);
        assert_eq!(
            ["75121", "75100", "69380", "69390", "13217", "75056", "", "+7510"].map(commune_of),
            [None; 8]
        );
        assert_eq!(["75056", "69123", "13055", "42187"].map(|c| arrondissements(c).count()), [20, 9, 16, 0]);
    }
}
