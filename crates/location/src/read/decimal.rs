//! Numbers of benchmark files, exactly: `1286.369` is 1 286 369 thousandths, never a float.

use super::wrong;
use crate::points::Points;
use maillage_input::{InputFile, Problem};

/// Most decimals that a number may have.
pub const MAX_DECIMALS: u32 = 6;

/// `mantissa / 10^decimals`, without trailing zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    mantissa: i64,
    decimals: u32,
}

impl Decimal {
    /// Reads `12`, `12.`, `-0.5`, `1.54400e+04`. `None` if it is no number, has more than
    /// [`MAX_DECIMALS`] decimals or more than 18 digits.
    pub fn parse(token: &str) -> Option<Self> {
        let (number, exponent) = match token.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
            None => (token, 0),
        };
        let (negative, number) = match number.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, number.strip_prefix('+').unwrap_or(number)),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = || whole.bytes().chain(fraction.bytes());
        if digits().next().is_none() || !digits().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let mut mantissa = 0i64;
        for digit in digits() {
            mantissa = mantissa.checked_mul(10)?.checked_add(i64::from(digit - b'0'))?;
        }
        if mantissa == 0 {
            return Some(Decimal { mantissa, decimals: 0 });
        }
        let mut decimals = i64::try_from(fraction.len()).ok()? - i64::from(exponent);
        while decimals > 0 && mantissa % 10 == 0 {
            (mantissa, decimals) = (mantissa / 10, decimals - 1);
        }
        if decimals < 0 {
            mantissa = mantissa.checked_mul(10i64.checked_pow(u32::try_from(-decimals).ok()?)?)?;
            decimals = 0;
        }
        let decimals = u32::try_from(decimals).ok().filter(|d| *d <= MAX_DECIMALS)?;
        Some(Decimal { mantissa: if negative { -mantissa } else { mantissa }, decimals })
    }

    /// The value in units of `1 / scale`; `None` if it is not whole or too large.
    pub fn at(self, scale: u32) -> Option<i64> {
        let own = 10u32.pow(self.decimals);
        (scale.is_multiple_of(own)).then(|| self.mantissa.checked_mul(i64::from(scale / own))).flatten()
    }

    /// The value, if it is whole and not negative.
    pub fn whole(self) -> Option<u64> {
        self.at(1).and_then(|v| u64::try_from(v).ok())
    }

    pub fn is_negative(self) -> bool {
        self.mantissa < 0
    }
}

/// The least power of ten in whose parts all values are whole.
pub(super) fn common_scale<'a>(values: impl IntoIterator<Item = &'a Decimal>) -> u32 {
    10u32.pow(values.into_iter().map(|d| d.decimals).max().unwrap_or(0))
}

/// Places on the least scale that holds them all.
pub(super) fn points(all: &[(Decimal, Decimal)], scale: u32) -> Points {
    // Below nine thousand million times a million, which fits.
    let whole = |d: &Decimal| d.at(scale).unwrap_or(0);
    Points {
        x: all.iter().map(|p| whole(&p.0)).collect(),
        y: all.iter().map(|p| whole(&p.1)).collect(),
        scale,
    }
}

/// The content as UTF-8, up to the first zero byte: some files are padded to full blocks with zeros and remains.
pub(super) fn padded_text(file: &InputFile) -> Result<&str, Problem> {
    let text = file.content.split(|b| *b == 0).next().unwrap_or_default();
    std::str::from_utf8(text).or_else(|_| file.utf8())
}

/// The words of a file one after the other, each with its line.
pub(super) struct Words<'a> {
    file: &'a InputFile,
    words: Box<dyn Iterator<Item = (u64, &'a str)> + 'a>,
    line: u64,
}

impl<'a> Words<'a> {
    /// From `text`, the content of `file` from line `first` on.
    pub fn new(file: &'a InputFile, text: &'a str, first: u64) -> Self {
        let words = (first..)
            .zip(text.lines())
            .flat_map(|(line, row)| row.split_whitespace().map(move |w| (line, w)));
        Words { file, words: Box::new(words), line: first }
    }

    /// A problem on the line of the last word.
    pub fn wrong(&self, french: impl Into<String>, english: impl Into<String>) -> Problem {
        wrong(self.file, self.line, french, english)
    }

    /// The next word.
    pub fn word(&mut self) -> Result<&'a str, Problem> {
        match self.words.next() {
            Some((line, word)) => {
                self.line = line;
                Ok(word)
            }
            None => Err(self.wrong("le fichier s'arrête trop tôt", "the file ends too early")),
        }
    }

    /// The next word as a number; `None` if it is `other`.
    pub fn decimal_or(&mut self, other: &str) -> Result<Option<Decimal>, Problem> {
        let word = self.word()?;
        if word == other {
            return Ok(None);
        }
        let number = Decimal::parse(word).ok_or_else(|| {
            self.wrong(
                "ceci n'est pas un nombre d'au plus 6 décimales et 18 chiffres",
                "this is not a number of at most 6 decimals and 18 digits",
            )
            .value(word)
        })?;
        Ok(Some(number))
    }

    /// The next word as a number of either sign.
    pub fn decimal(&mut self) -> Result<Decimal, Problem> {
        // No word equals the empty one.
        self.decimal_or("")?.ok_or_else(|| self.wrong("mot vide", "an empty word"))
    }

    /// The next two words as coordinates, below nine thousand million on every scale.
    pub fn place(&mut self) -> Result<(Decimal, Decimal), Problem> {
        let mut coordinate = || {
            let number = self.decimal()?;
            if number.mantissa.unsigned_abs() / 10u64.pow(number.decimals) >= 9_000_000_000 {
                let cause = ("coordonnée trop grande", "the coordinate is too large");
                return Err(self.wrong(cause.0, cause.1));
            }
            Ok(number)
        };
        Ok((coordinate()?, coordinate()?))
    }

    /// The next word as a number that is not negative.
    pub fn amount(&mut self) -> Result<Decimal, Problem> {
        let number = self.decimal()?;
        if number.is_negative() {
            return Err(self.wrong("nombre négatif", "a negative number"));
        }
        Ok(number)
    }

    /// The next word as a whole number in `least..=most`.
    pub fn count(&mut self, least: u64, most: u64) -> Result<usize, Problem> {
        let number = self.decimal()?;
        number.whole().filter(|v| (least..=most).contains(v)).map(|v| v as usize).ok_or_else(|| {
            self.wrong(
                format!("ceci n'est pas un nombre entier entre {least} et {most}"),
                format!("this is not a whole number in {least}..={most}"),
            )
        })
    }

    /// That nothing is left.
    pub fn end(&mut self) -> Result<(), Problem> {
        match self.words.next() {
            None => Ok(()),
            Some((line, word)) => {
                self.line = line;
                Err(self
                    .wrong("le fichier est plus long qu'annoncé", "the file is longer than announced")
                    .value(word))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        let at = |word, scale| Decimal::parse(word).and_then(|d| d.at(scale));
        assert_eq!(at("1286.369", 1000), Some(1_286_369));
        assert_eq!(at("1286.369", 100), None);
        assert_eq!(at("-0.50", 10), Some(-5));
        assert_eq!(at("7500.", 1), Some(7500));
        assert_eq!(at("1.54400e+04", 1), Some(15440));
        assert_eq!(at("2.5E-1", 100), Some(25));
        assert_eq!(at("0.0000000000", 1), Some(0));
        for bad in [
            "",
            ".",
            "-",
            "+-1",
            "1.2.3",
            "1e",
            "nan",
            "inf",
            "0.1234567",
            "99999999999999999999",
            "1e30",
            "0x1",
        ] {
            assert_eq!(Decimal::parse(bad), None, "{bad}");
        }
        // A negative power of ten of a whole number, and the least that does not fit.
        assert_eq!(at("100e-2", 1), Some(1));
        assert_eq!(at("9223372036854775807", 10), None);
    }
}
