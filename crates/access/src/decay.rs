//! How much a supply counts for people at a distance.

use maillage_input::Text;
use maillage_territory::Minutes;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a decay cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadDecay {
    /// No step or point at all, or nothing but zeros.
    Empty,
    /// A weight that is not a number from 0 to 1, or below a millionth and not 0.
    Weight,
    /// Times that do not rise.
    Order,
    /// A time beyond ten hours.
    TooLong,
}

impl BadDecay {
    /// The reason, for users.
    pub fn text(self) -> Text {
        match self {
            BadDecay::Empty => Text::new("aucun poids au-dessus de 0", "no weight above 0"),
            BadDecay::Weight => {
                Text::new("un poids vaut 0, ou de 0,000001 à 1", "a weight is 0, or from 0.000001 to 1")
            }
            BadDecay::Order => Text::new("les temps doivent croître", "times must rise"),
            BadDecay::TooLong => {
                Text::new("un temps va de 0 à 600 minutes", "a time is from 0 to 600 minutes")
            }
        }
    }
}

impl fmt::Display for BadDecay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

impl std::error::Error for BadDecay {}

/// Longest time of a decay.
const MOST: Minutes = Minutes::whole(600);
/// Smallest weight: below it a catchment of one person could overflow.
const LEAST: f64 = 1e-6;

/// A weight for each time of travel, from 0 to a time beyond which it is 0. One entry per hundredth of a
/// minute, the unit of [`Minutes`]: any function costs the same.
///
/// ```
/// use maillage_access::Decay;
/// use maillage_territory::Minutes;
/// let decay = Decay::drees_2015();
/// assert_eq!(decay.weight(Minutes::whole(10)), 1.0);
/// assert_eq!(decay.weight(Minutes::whole(12)), 2.0 / 3.0);
/// assert_eq!(decay.weight(Minutes::whole(21)), 0.0);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Decay {
    weights: Vec<f64>,
}

impl Decay {
    /// Steps: `(t, w)` gives the weight `w` to times up to and including `t` and beyond the step before.
    ///
    /// # Errors
    /// When times do not rise, a weight is outside 0..1, or nothing counts at all.
    pub fn steps(steps: &[(Minutes, f64)]) -> Result<Decay, BadDecay> {
        if steps.windows(2).any(|w| w[0].0 >= w[1].0) {
            return Err(BadDecay::Order);
        }
        let last = steps.last().ok_or(BadDecay::Empty)?.0;
        let mut rest = steps.iter().peekable();
        Decay::function(last, |t| {
            while rest.peek().is_some_and(|&&(until, _)| until < t) {
                rest.next();
            }
            rest.peek().map_or(0.0, |&&(_, w)| w)
        })
    }

    /// Straight lines between points `(t, w)`: the weight of the first up to its time, 0 beyond the last.
    ///
    /// # Errors
    /// As [`Decay::steps`].
    pub fn points(points: &[(Minutes, f64)]) -> Result<Decay, BadDecay> {
        if points.windows(2).any(|w| w[0].0 >= w[1].0) {
            return Err(BadDecay::Order);
        }
        if points.iter().any(|&(_, w)| !allowed(w)) {
            return Err(BadDecay::Weight);
        }
        let (&(first, start), &(last, _)) =
            (points.first().ok_or(BadDecay::Empty)?, points.last().ok_or(BadDecay::Empty)?);
        Decay::function(last, |t| {
            if t <= first {
                return start;
            }
            // No time beyond the last is asked for.
            let next = points.partition_point(|&(p, _)| p < t);
            let ((t0, w0), (t1, w1)) = (points[next - 1], points[next]);
            let span = f64::from(t1.hundredths() - t0.hundredths());
            let w = w0 + (w1 - w0) * f64::from(t.hundredths() - t0.hundredths()) / span;
            if w < LEAST { 0.0 } else { w.min(1.0) }
        })
    }

    /// Any function of the time, up to and including `until`.
    ///
    /// # Errors
    /// When it gives anything but 0 or a weight from a millionth to 1, or nothing but 0.
    pub fn function(until: Minutes, mut weight: impl FnMut(Minutes) -> f64) -> Result<Decay, BadDecay> {
        if until > MOST {
            return Err(BadDecay::TooLong);
        }
        let weights: Vec<f64> =
            (0..=until.hundredths()).map(|h| weight(Minutes::from_hundredths(h))).collect();
        if !weights.iter().all(|&w| allowed(w)) {
            return Err(BadDecay::Weight);
        }
        if weights.iter().all(|&w| w == 0.0) {
            return Err(BadDecay::Empty);
        }
        Ok(Decay { weights })
    }

    /// The steps of the method since 2015: 1 up to 10 min, 2/3 up to 15, 1/3 up to 20. The usual statement of
    /// the DREES note; not verified at the source.
    pub fn drees_2015() -> Decay {
        let m = Minutes::whole;
        Decay::known(&[(m(10), 1.0), (m(15), 2.0 / 3.0), (m(20), 1.0 / 3.0)])
    }

    /// The steps of the method of 2012 (DREES and IRDES): 1 up to 5 min, 0.3 up to 10, 0.1 up to 15.
    pub fn drees_2012() -> Decay {
        let m = Minutes::whole;
        Decay::known(&[(m(5), 1.0), (m(10), 0.3), (m(15), 0.1)])
    }

    /// The same weight up to and including a time: the two-step floating catchment area without decay (2SFCA,
    /// Luo and Wang 2003).
    ///
    /// # Errors
    /// When the time is beyond ten hours.
    pub fn within(time: Minutes) -> Result<Decay, BadDecay> {
        Decay::steps(&[(time, 1.0)])
    }

    /// Constant steps, right by construction.
    fn known(steps: &[(Minutes, f64)]) -> Decay {
        Decay::steps(steps).unwrap_or(Decay { weights: vec![1.0] })
    }

    /// The weight of a time.
    pub fn weight(&self, time: Minutes) -> f64 {
        self.weights.get(time.hundredths() as usize).copied().unwrap_or(0.0)
    }

    /// The longest time that is looked at.
    pub fn until(&self) -> Minutes {
        Minutes::from_hundredths(self.weights.len() as u32 - 1)
    }
}

fn allowed(w: f64) -> bool {
    w == 0.0 || (LEAST..=1.0).contains(&w)
}

/// A decay as files state it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum DecayFile {
    /// 1 up to 10 min, 2/3 up to 15, 1/3 up to 20: APL since 2015.
    #[serde(rename = "drees-2015")]
    Drees2015 {},
    /// 1 up to 5 min, 0.3 up to 10, 0.1 up to 15: APL of 2012.
    #[serde(rename = "drees-2012")]
    Drees2012 {},
    /// Everyone within the time counts fully: 2SFCA.
    Within {
        /// The time.
        #[schemars(range(min = 0, max = 600))]
        minutes: f64,
    },
    /// Steps `[until_min, weight]`: E2SFCA (Luo and Qi 2009).
    Steps {
        /// Rising times with their weights.
        #[schemars(length(min = 1))]
        steps: Vec<(f64, f64)>,
    },
    /// Straight lines between points `[minutes, weight]`: any function.
    Points {
        /// Rising times with their weights.
        #[schemars(length(min = 1))]
        points: Vec<(f64, f64)>,
    },
    /// `exp(−(t / bandwidth)²)` up to a time.
    Gaussian {
        /// The time at which the weight is 1/e.
        #[schemars(range(min = 0.01, max = 600))]
        bandwidth_min: f64,
        /// The last time that counts.
        #[schemars(range(min = 0, max = 600))]
        until_min: f64,
    },
}

impl DecayFile {
    /// The decay.
    ///
    /// # Errors
    /// As [`Decay::steps`].
    pub fn decay(&self) -> Result<Decay, BadDecay> {
        let time = |m: f64| Minutes::round(m).ok_or(BadDecay::TooLong);
        let pairs = |list: &[(f64, f64)]| {
            list.iter().map(|&(m, w)| Ok((time(m)?, w))).collect::<Result<Vec<_>, BadDecay>>()
        };
        match self {
            DecayFile::Drees2015 {} => Ok(Decay::drees_2015()),
            DecayFile::Drees2012 {} => Ok(Decay::drees_2012()),
            DecayFile::Within { minutes } => Decay::within(time(*minutes)?),
            DecayFile::Steps { steps } => Decay::steps(&pairs(steps)?),
            DecayFile::Points { points } => Decay::points(&pairs(points)?),
            DecayFile::Gaussian { bandwidth_min, until_min } => Decay::function(time(*until_min)?, |t| {
                let x = f64::from(t.hundredths()) / 100.0 / bandwidth_min;
                let w = (-x * x).exp();
                if w < LEAST { 0.0 } else { w }
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn m(hundredths: u32) -> Minutes {
        Minutes::from_hundredths(hundredths)
    }

    #[test]
    fn steps_close_on_the_right() {
        let d = Decay::drees_2015();
        for (t, w) in [
            (0, 1.0),
            (1000, 1.0),
            (1001, 2.0 / 3.0),
            (1500, 2.0 / 3.0),
            (1501, 1.0 / 3.0),
            (2000, 1.0 / 3.0),
            (2001, 0.0),
        ] {
            assert_eq!(d.weight(m(t)), w, "{t}");
        }
        assert_eq!(d.until(), Minutes::whole(20));
        let d = Decay::drees_2012();
        for (t, w) in [(500, 1.0), (501, 0.3), (1001, 0.1), (1500, 0.1), (1501, 0.0)] {
            assert_eq!(d.weight(m(t)), w, "{t}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let bad = Decay::points(&[(m(500), 1.0), (m(500), 0.0)]).unwrap_err();
        assert_eq!((bad, &bad.text().en[..]), (BadDecay::Order, "times must rise"));
        assert!(bad.to_string().contains("croître"), "{bad}");
    }

    #[test]
    fn points_are_joined_by_lines() {
        let d = Decay::points(&[(m(500), 1.0), (m(1500), 0.0)]).unwrap();
        assert_eq!(
            (d.weight(m(0)), d.weight(m(500)), d.weight(m(1000)), d.weight(m(1500))),
            (1.0, 1.0, 0.5, 0.0)
        );
        let one = Decay::points(&[(m(500), 0.5)]).unwrap();
        assert_eq!((one.weight(m(0)), one.weight(m(500)), one.weight(m(501))), (0.5, 0.5, 0.0));
        // Where a line falls below the smallest weight, it is 0.
        let low = Decay::points(&[(m(0), 0.05), (MOST, 0.0)]).unwrap();
        assert!(low.weight(m(59_998)) > LEAST);
        assert_eq!(low.weight(m(59_999)), 0.0);
    }

    #[test]
    fn gaussian_is_one_over_e_at_its_bandwidth() {
        let d = DecayFile::Gaussian { bandwidth_min: 10.0, until_min: 30.0 }.decay().unwrap();
        assert!((d.weight(m(1000)) - (-1f64).exp()).abs() < 1e-15);
        assert_eq!(d.weight(m(3001)), 0.0);
    }

    #[test]
    fn what_is_no_decay_is_refused() {
        assert_eq!(Decay::steps(&[]), Err(BadDecay::Empty));
        assert_eq!(Decay::steps(&[(m(100), 0.0)]), Err(BadDecay::Empty));
        assert_eq!(Decay::steps(&[(m(200), 1.0), (m(100), 0.5)]), Err(BadDecay::Order));
        for w in [f64::NAN, -0.1, 1.1, 1e-9, f64::INFINITY] {
            assert_eq!(Decay::steps(&[(m(100), w)]), Err(BadDecay::Weight), "{w}");
            assert_eq!(Decay::points(&[(m(100), w)]), Err(BadDecay::Weight), "{w}");
        }
        assert_eq!(Decay::within(Minutes::whole(601)), Err(BadDecay::TooLong));
    }
}
