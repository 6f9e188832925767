//! Quantities as exact integers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

/// Why a text is not a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadQuantity {
    /// Not a number at all, or not finite.
    NotANumber,
    /// Below zero.
    Negative,
    /// Below what is allowed.
    TooSmall,
    /// Above what is allowed.
    TooLarge,
    /// Not a whole number where one is needed.
    NotWhole,
}

/// Largest population of one place: above every country's.
const MAX_PERSONS: u64 = 2_000_000_000;
/// Largest time: one week, in hundredths of a minute.
pub(crate) const MAX_HUNDREDTHS: u64 = 7 * 24 * 60 * 100;

/// A number of people.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Persons(pub u64);

/// A time of travel or a limit on it, one way, in hundredths of a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Minutes(u32);

/// Full-time equivalents, in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fte(u32);

impl Persons {
    /// Reads a whole number of people; digits may be grouped by spaces, `12.0` is accepted.
    ///
    /// # Errors
    /// When it is negative, fractional, too large or no number.
    pub fn parse(text: &str) -> Result<Self, BadQuantity> {
        let hundredths = hundredths_of(text, MAX_PERSONS * 100)?;
        if hundredths % 100 != 0 {
            return Err(BadQuantity::NotWhole);
        }
        Ok(Persons(hundredths / 100))
    }
}

impl Minutes {
    /// No time at all.
    pub const ZERO: Minutes = Minutes(0);

    /// Whole minutes.
    pub const fn whole(minutes: u16) -> Self {
        Minutes(minutes as u32 * 100)
    }

    /// From hundredths of a minute.
    pub fn from_hundredths(hundredths: u32) -> Self {
        Minutes(hundredths)
    }

    /// Rounds a non-negative finite number of minutes to the nearest hundredth; `None` for anything else
    /// or beyond one week.
    pub fn round(minutes: f64) -> Option<Self> {
        let h = (minutes * 100.0).round();
        (h >= 0.0 && h <= MAX_HUNDREDTHS as f64).then_some(Minutes(h as u32))
    }

    /// Reads minutes with a decimal point or comma, rounded to hundredths.
    ///
    /// # Errors
    /// When it is negative, not finite, beyond one week or no number.
    pub fn parse(text: &str) -> Result<Self, BadQuantity> {
        hundredths_of(text, MAX_HUNDREDTHS).map(|h| Minutes(h as u32))
    }

    /// In hundredths of a minute.
    pub fn hundredths(self) -> u32 {
        self.0
    }
}

impl Fte {
    /// Whole posts.
    pub fn whole(posts: u32) -> Self {
        Fte(posts.saturating_mul(100))
    }

    /// From hundredths of a full-time equivalent.
    pub fn from_hundredths(hundredths: u32) -> Self {
        Fte(hundredths)
    }

    /// Reads a number of full-time equivalents, rounded to hundredths.
    ///
    /// # Errors
    /// When it is negative, not finite, beyond 100,000 or no number.
    pub fn parse(text: &str) -> Result<Self, BadQuantity> {
        hundredths_of(text, 10_000_000).map(|h| Fte(h as u32))
    }

    /// In hundredths.
    pub fn hundredths(self) -> u32 {
        self.0
    }

    /// What stays after `percent` of it leaves, rounded down to hundredths.
    pub fn less_percent(self, percent: u8) -> Self {
        let stay = u64::from(100 - percent.min(100));
        Fte((u64::from(self.0) * stay / 100) as u32)
    }

    /// People on the lists of this supply at `per_gp` people for a full post, rounded down.
    pub fn people_at(self, per_gp: u32) -> Persons {
        Persons(u64::from(self.0) * u64::from(per_gp) / 100)
    }
}

/// Reads an area in km², rounded to hundredths: enough for a density.
pub(crate) fn square_km(text: &str) -> Result<f64, BadQuantity> {
    hundredths_of(text, 100_000_000_000).map(|h| h as f64 / 100.0)
}

/// Reads a non-negative decimal number for computing with, up to a million million.
pub(crate) fn decimal(text: &str) -> Result<f64, BadQuantity> {
    let digits = Digits::of(text)?;
    let value = format!("{}.{}0", digits.whole, digits.fraction).parse::<f64>();
    let value = value.map_err(|_| BadQuantity::NotANumber)?;
    match (digits.negative && value > 0.0, value <= 1e12) {
        (true, _) => Err(BadQuantity::Negative),
        (false, false) => Err(BadQuantity::TooLarge),
        (false, true) => Ok(value),
    }
}

/// Reads a number of people with decimals, as millionths.
pub(crate) fn millionths(text: &str) -> Result<u64, BadQuantity> {
    scaled(text, 6, MAX_PERSONS * 1_000_000)
}

/// Reads a decimal number as hundredths.
fn hundredths_of(text: &str, max: u64) -> Result<u64, BadQuantity> {
    scaled(text, 2, max)
}

/// The digits of a decimal number, with a point or a comma, grouped by spaces or not.
struct Digits {
    negative: bool,
    whole: String,
    fraction: String,
}

impl Digits {
    fn of(text: &str) -> Result<Digits, BadQuantity> {
        let text: String =
            text.trim().chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        };
        let (whole, fraction) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
            return Err(BadQuantity::NotANumber);
        }
        let whole = format!("0{}", whole.trim_start_matches('0'));
        Ok(Digits { negative, whole, fraction: fraction.to_owned() })
    }
}

/// Reads a decimal number exactly as a whole number of parts of ten to the `places`, half away from zero: no float
/// comes near.
fn scaled(text: &str, places: usize, max: u64) -> Result<u64, BadQuantity> {
    let Digits { negative, whole, fraction } = Digits::of(text)?;
    let too_large = if negative { BadQuantity::Negative } else { BadQuantity::TooLarge };
    let digit = |i: usize| fraction.as_bytes().get(i).map_or(0, |b| u64::from(b - b'0'));
    let mut parts: u64 = whole.parse().map_err(|_| too_large)?;
    for i in 0..places {
        parts = parts.checked_mul(10).and_then(|p| p.checked_add(digit(i))).ok_or(too_large)?;
    }
    parts = parts.checked_add(u64::from(digit(places) >= 5)).ok_or(too_large)?;
    if negative && (parts > 0 || fraction.bytes().any(|b| b != b'0')) {
        return Err(BadQuantity::Negative);
    }
    if parts > max { Err(BadQuantity::TooLarge) } else { Ok(parts) }
}

fn write_hundredths(f: &mut fmt::Formatter<'_>, h: u32) -> fmt::Result {
    match (h / 100, h % 100) {
        (w, 0) => write!(f, "{w}"),
        (w, r) if r % 10 == 0 => write!(f, "{w}.{}", r / 10),
        (w, r) => write!(f, "{w}.{r:02}"),
    }
}

impl fmt::Display for Persons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Minutes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hundredths(f, self.0)
    }
}

impl fmt::Display for Fte {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hundredths(f, self.0)
    }
}

impl Add for Persons {
    type Output = Persons;
    fn add(self, other: Persons) -> Persons {
        Persons(self.0 + other.0)
    }
}

impl Sub for Persons {
    type Output = Persons;
    fn sub(self, other: Persons) -> Persons {
        Persons(self.0 - other.0)
    }
}

impl Sum for Persons {
    fn sum<I: Iterator<Item = Persons>>(iter: I) -> Persons {
        Persons(iter.map(|p| p.0).sum())
    }
}

impl Sum for Fte {
    fn sum<I: Iterator<Item = Fte>>(iter: I) -> Fte {
        Fte(iter.map(|p| p.0).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_french_numbers_exactly() {
        assert_eq!(Minutes::parse("12,35").unwrap().hundredths(), 1235);
        assert_eq!(Minutes::parse("0.005").unwrap().hundredths(), 1);
        assert_eq!(Minutes::parse(" 7 ").unwrap(), Minutes::whole(7));
        assert_eq!(Persons::parse("34\u{202f}366").unwrap(), Persons(34366));
        assert_eq!(Persons::parse("12.0").unwrap(), Persons(12));
        assert_eq!(Persons::parse("-0").unwrap(), Persons(0));
    }

    #[test]
    fn refuses_what_is_no_quantity() {
        use BadQuantity::*;
        for (text, why) in [
            ("", NotANumber),
            ("NaN", NotANumber),
            ("inf", NotANumber),
            ("1e3", NotANumber),
            ("1.2.3", NotANumber),
            ("-5", Negative),
            ("-0.001", Negative),
            ("12.5", NotWhole),
            ("2000000001", TooLarge),
        ] {
            assert_eq!(Persons::parse(text), Err(why), "{text}");
        }
        assert_eq!(Persons::parse(&"9".repeat(4000)), Err(TooLarge));
        assert_eq!(Minutes::parse("99999"), Err(TooLarge));
        assert_eq!(Minutes::round(f64::NAN), None);
    }

    #[test]
    fn decimals_are_finite_and_not_negative() {
        assert_eq!(decimal("3\u{202f}511,25"), Ok(3511.25));
        assert_eq!((decimal(".5"), decimal("7."), decimal("-0,0")), (Ok(0.5), Ok(7.0), Ok(0.0)));
        // 172.588235294 people: 172,588,235 millionths.
        assert_eq!(millionths("172.58823529411765"), Ok(172_588_235));
        assert_eq!(millionths("2000000000.1"), Err(BadQuantity::TooLarge));
        for text in ["NaN", "inf", "-inf", "1e3", "", "1.2.3", "0x1F"] {
            assert_eq!(
                (decimal(text), millionths(text)),
                (Err(BadQuantity::NotANumber), Err(BadQuantity::NotANumber))
            );
        }
        assert_eq!(
            (decimal("-1"), decimal("1000000000001")),
            (Err(BadQuantity::Negative), Err(BadQuantity::TooLarge))
        );
        assert_eq!(decimal(&"9".repeat(500)), Err(BadQuantity::TooLarge));
    }

    #[test]
    fn departures_round_down() {
        assert_eq!(Fte::whole(1).less_percent(40).hundredths(), 60);
        assert_eq!(Fte::whole(1).less_percent(40).people_at(1001), Persons(600));
        assert_eq!(Fte::whole(3).less_percent(100), Fte::whole(0));
    }

    #[test]
    fn shown_as_written() {
        assert_eq!(Minutes::from_hundredths(1230).to_string(), "12.3");
        assert_eq!(Minutes::from_hundredths(1205).to_string(), "12.05");
        assert_eq!(Fte::whole(4).to_string(), "4");
    }
}
