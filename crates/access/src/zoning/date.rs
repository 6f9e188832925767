//! A day of the calendar.

use maillage_input::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text or three numbers are no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadDate {
    /// Not of the form YYYY-MM-DD.
    Form,
    /// A year outside 1900..=2200.
    Year,
    /// A month outside 1..=12.
    Month,
    /// A day that the month does not have.
    Day,
}

impl BadDate {
    /// The reason, for users.
    pub fn text(self) -> Text {
        match self {
            BadDate::Form => Text::new("une date s'écrit AAAA-MM-JJ", "a date is written YYYY-MM-DD"),
            BadDate::Year => Text::new("l'année va de 1900 à 2200", "a year is from 1900 to 2200"),
            BadDate::Month => Text::new("le mois va de 01 à 12", "a month is from 01 to 12"),
            BadDate::Day => Text::new("ce mois n'a pas ce jour", "this month does not have this day"),
        }
    }
}

impl fmt::Display for BadDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

impl std::error::Error for BadDate {}

/// A day of the Gregorian calendar from 1900 to 2200, written YYYY-MM-DD.
///
/// ```
/// use maillage_access::zoning::Date;
/// let last: Date = "2025-12-31".parse().unwrap();
/// assert!(last < Date::new(2026, 1, 1).unwrap());
/// assert!("2025-02-29".parse::<Date>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(extend("format" = "date"))]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// A checked day.
    ///
    /// # Errors
    /// When the calendar does not have it.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Date, BadDate> {
        if !(1900..=2200).contains(&year) {
            return Err(BadDate::Year);
        }
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 => 28 + u8::from(leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return Err(BadDate::Month),
        };
        if (1..=days).contains(&day) { Ok(Date { year, month, day }) } else { Err(BadDate::Day) }
    }

    /// The year.
    pub fn year(self) -> u16 {
        self.year
    }
}

impl std::str::FromStr for Date {
    type Err = BadDate;
    fn from_str(text: &str) -> Result<Date, BadDate> {
        let digits = |from: usize, to: usize| {
            let part = text.get(from..to).filter(|p| p.bytes().all(|b| b.is_ascii_digit()));
            part.and_then(|p| p.parse::<u16>().ok()).ok_or(BadDate::Form)
        };
        let dash = |at: usize| text.as_bytes().get(at) == Some(&b'-');
        if text.len() != 10 || !dash(4) || !dash(7) {
            return Err(BadDate::Form);
        }
        // Two digits fit a byte.
        Date::new(digits(0, 4)?, digits(5, 7)? as u8, digits(8, 10)? as u8)
    }
}

impl TryFrom<String> for Date {
    type Error = BadDate;
    fn try_from(text: String) -> Result<Date, BadDate> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> String {
        date.to_string()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_of_the_calendar() {
        for (text, why) in [
            ("2025-13-01", BadDate::Month),
            ("2025-00-01", BadDate::Month),
            ("2025-04-31", BadDate::Day),
            ("2025-01-00", BadDate::Day),
            ("1900-02-29", BadDate::Day),
            ("1899-12-31", BadDate::Year),
            ("2201-01-01", BadDate::Year),
            ("2025-1-1", BadDate::Form),
            ("2025-01-1x", BadDate::Form),
            ("+025-01-01", BadDate::Form),
            ("2025/01/01", BadDate::Form),
            ("2025-01-01 ", BadDate::Form),
            ("20é5-01-01", BadDate::Form),
            ("", BadDate::Form),
        ] {
            assert_eq!(text.parse::<Date>(), Err(why), "{text:?}");
        }
        for text in ["2000-02-29", "2024-02-29", "2025-12-31", "1900-01-01", "2200-12-31"] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn in_json_a_text() {
        let date: Date = serde_json::from_str("\"2026-01-01\"").unwrap();
        assert_eq!(serde_json::to_string(&date).unwrap(), "\"2026-01-01\"");
        assert!(serde_json::from_str::<Date>("20260101").is_err());
        let schema = serde_json::to_value(schemars::schema_for!(Date)).unwrap();
        assert_eq!((&schema["type"], &schema["format"]), (&"string".into(), &"date".into()));
    }
}
