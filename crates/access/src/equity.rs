//! How unequally care is spread over people: tenths, Gini, Palma, Theil, people at or below a threshold.
//!
//! A [`Distribution`] holds one measure, such as an accessibility, for groups of people who share a value: the
//! people of a place. Weights are people, inhabitants or standardised as the caller says; every figure here is
//! weighted by them. Places where the measure is unknown stay out: count them beside.
//!
//! **Rounding.** A value equal to a threshold on paper may be an ulp above it in floating point, and an ulp
//! must not move a town across. Comparisons of accumulated figures therefore stand a billionth (of the
//! threshold) above it: far more than sums of this kind lose, far less than any measure is known to, and a
//! place where no round figure falls. Everything else is continuous in the values: an ulp in gives an ulp out.
//! Figures do not depend on the order of the places, to the last bit.

use serde::Serialize;
use std::fmt;

/// Share of a limit by which a computed figure may pass it and still count as equal.
pub(crate) const SLACK: f64 = 1e-9;
/// Share of a number of people below which a rest of it is rounding, in sums over some ten thousand groups.
const CRUMB: f64 = 1e-11;
/// Values and weights are 0 or in this range: no sum, product or quotient of them overflows.
const RANGE: std::ops::RangeInclusive<f64> = 1e-30..=1e30;

/// Why figures cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadValue {
    /// A value that is neither 0 nor from 1e-30 to 1e30.
    Value,
    /// A weight that is neither 0 nor from 1e-30 to 1e30.
    Weight,
    /// A threshold that is neither 0 nor from 1e-30 to 1e30.
    Threshold,
    /// A least change that is neither 0 nor from 1e-30 to 1e30.
    Least,
    /// Lists with unequal numbers of places.
    Lengths,
}

impl fmt::Display for BadValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BadValue::Value => "values are 0, or from 1e-30 to 1e30",
            BadValue::Weight => "weights are 0, or from 1e-30 to 1e30",
            BadValue::Threshold => "thresholds are 0, or from 1e-30 to 1e30",
            BadValue::Least => "the least change that counts is 0, or from 1e-30 to 1e30",
            BadValue::Lengths => "every list needs one entry per place",
        })
    }
}

impl std::error::Error for BadValue {}

/// The number if it is 0 or in range (a negative 0 becomes 0).
pub(crate) fn usable(x: f64, bad: BadValue) -> Result<f64, BadValue> {
    if x == 0.0 || RANGE.contains(&x) { Ok(x + 0.0) } else { Err(bad) }
}

/// A value at or below which people count, 2.5 consultations a year for DREES.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Threshold(f64);

impl Threshold {
    /// A checked threshold.
    ///
    /// # Errors
    /// When it is neither 0 nor from 1e-30 to 1e30.
    pub fn new(value: f64) -> Result<Threshold, BadValue> {
        usable(value, BadValue::Threshold).map(Threshold)
    }

    /// The value.
    pub fn value(self) -> f64 {
        self.0
    }

    /// Whether a value is at or below it, up to rounding (see the [module](self)).
    pub fn covers(self, value: f64) -> bool {
        value <= self.0 * (1.0 + SLACK)
    }
}

/// A measure over people, sorted.
///
/// ```
/// use maillage_access::equity::{Distribution, Threshold};
/// let d = Distribution::new([(3.375, 1000.0), (2.25, 500.0)])?;
/// assert_eq!(d.mean(), Some(3.0));
/// assert_eq!(d.people_at_most(Threshold::new(2.5)?), 500.0);
/// # Ok::<(), maillage_access::equity::BadValue>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    /// Value and people, by rising value, no value twice, no group without people.
    groups: Vec<(f64, f64)>,
    people: f64,
    /// Sum of value times people.
    total: f64,
}

impl Distribution {
    /// From pairs of value and people. Groups without people change nothing.
    ///
    /// # Errors
    /// When a value or a weight is negative, not finite, above 1e30, or below 1e-30 and not 0.
    pub fn new(pairs: impl IntoIterator<Item = (f64, f64)>) -> Result<Distribution, BadValue> {
        let mut all = Vec::new();
        for (value, people) in pairs {
            let group = (usable(value, BadValue::Value)?, usable(people, BadValue::Weight)?);
            if group.1 > 0.0 {
                all.push(group);
            }
        }
        // By weight too: sums then have one order whatever the order of the pairs.
        all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let mut groups: Vec<(f64, f64)> = Vec::with_capacity(all.len());
        for (value, people) in all {
            match groups.last_mut() {
                Some(last) if last.0 == value => last.1 += people,
                _ => groups.push((value, people)),
            }
        }
        let people = groups.iter().map(|g| g.1).sum();
        let total = groups.iter().map(|g| g.0 * g.1).sum();
        Ok(Distribution { groups, people, total })
    }

    /// People in all.
    pub fn people(&self) -> f64 {
        self.people
    }

    /// Mean value of a person; `None` when there is nobody.
    pub fn mean(&self) -> Option<f64> {
        self.between(self.total, self.people)
    }

    /// Smallest value at or below which at least this share (0 to 1) of people are; `None` when there is
    /// nobody or the share is none.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        if !(0.0..=1.0).contains(&share) {
            return None;
        }
        let needed = share * self.people;
        let mut below = 0.0;
        let reached = self.groups.iter().find(|g| {
            below += g.1;
            below * (1.0 + SLACK) >= needed
        });
        reached.map(|g| g.0)
    }

    /// People whose value is at or below a threshold.
    pub fn people_at_most(&self, threshold: Threshold) -> f64 {
        self.groups.iter().take_while(|g| threshold.covers(g.0)).map(|g| g.1).sum()
    }

    /// Mean value of the tenth of people with the lowest values. The group on the edge counts for the part of
    /// its people that is needed. `None` when there is nobody.
    pub fn worst_tenth(&self) -> Option<f64> {
        let tenth = self.people / 10.0;
        self.between(sum_of_first(self.groups.iter(), tenth), tenth)
    }

    /// Mean value of the tenth of people with the highest values, as [`Distribution::worst_tenth`].
    pub fn best_tenth(&self) -> Option<f64> {
        let tenth = self.people / 10.0;
        self.between(sum_of_first(self.groups.iter().rev(), tenth), tenth)
    }

    /// Best tenth over worst tenth; `None` when the worst has 0 or there is nobody.
    pub fn best_over_worst(&self) -> Option<f64> {
        over(self.best_tenth()?, self.worst_tenth()?)
    }

    /// Gini coefficient, from 0 (all equal) to 1 (one has all): half the mean difference between two people
    /// over the mean, `Σ_ij p_i p_j |v_i − v_j| / (2 P² m)`. `None` when the mean is 0 or there is nobody.
    ///
    /// Summed over the gaps between successive values, `Σ_k (v_k+1 − v_k) · below_k · above_k / (P · Σ p v)`:
    /// the same number, linear in time, and no term is negative so nothing cancels.
    pub fn gini(&self) -> Option<f64> {
        let mut above = self.people;
        let mut below = 0.0;
        let mut sum = 0.0;
        for pair in self.groups.windows(2) {
            below += pair[0].1;
            above -= pair[0].1;
            sum += (pair[1].0 - pair[0].0) * below * above.max(0.0);
        }
        over(sum, self.people * self.total)
    }

    /// Palma ratio: what the best-served tenth of people have over what the worst-served four tenths have (1/4
    /// when all are equal). `None` when these have nothing or there is nobody.
    pub fn palma(&self) -> Option<f64> {
        let best = sum_of_first(self.groups.iter().rev(), self.people / 10.0);
        let worst = sum_of_first(self.groups.iter(), self.people * 4.0 / 10.0);
        over(best, worst)
    }

    /// Theil index T, `Σ (p/P) (v/m) ln(v/m)` with `0 · ln 0 = 0`: 0 when all are equal, at most `ln P`.
    /// `None` when the mean is 0 or there is nobody.
    pub fn theil(&self) -> Option<f64> {
        let mean = self.mean().filter(|&m| m > 0.0)?;
        let term = |&(value, people): &(f64, f64)| {
            let x = value / mean;
            if x > 0.0 { people * x * x.ln() } else { 0.0 }
        };
        // Never negative (Jensen) but for rounding.
        over(self.groups.iter().map(term).sum::<f64>().max(0.0), self.people)
    }

    /// All figures together.
    pub fn equity(&self, thresholds: &[Threshold]) -> Equity {
        let at_most =
            |&threshold: &Threshold| PeopleAtMost { threshold, people: self.people_at_most(threshold) };
        Equity {
            people: self.people,
            mean: self.mean(),
            median: self.quantile(0.5),
            worst_tenth: self.worst_tenth(),
            best_tenth: self.best_tenth(),
            best_over_worst: self.best_over_worst(),
            gini: self.gini(),
            palma: self.palma(),
            theil: self.theil(),
            at_most: thresholds.iter().map(at_most).collect(),
        }
    }

    /// A mean of values. Rounding must not carry it outside their range: means of equal values are equal.
    fn between(&self, sum: f64, people: f64) -> Option<f64> {
        let (first, last) = (self.groups.first()?, self.groups.last()?);
        Some((sum / people).clamp(first.0, last.0))
    }
}

/// The figures of a [`Distribution`], all weighted by people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Equity {
    /// [`Distribution::people`].
    pub people: f64,
    /// [`Distribution::mean`].
    pub mean: Option<f64>,
    /// [`Distribution::quantile`] of one half.
    pub median: Option<f64>,
    /// [`Distribution::worst_tenth`].
    pub worst_tenth: Option<f64>,
    /// [`Distribution::best_tenth`].
    pub best_tenth: Option<f64>,
    /// [`Distribution::best_over_worst`].
    pub best_over_worst: Option<f64>,
    /// [`Distribution::gini`].
    pub gini: Option<f64>,
    /// [`Distribution::palma`].
    pub palma: Option<f64>,
    /// [`Distribution::theil`].
    pub theil: Option<f64>,
    /// [`Distribution::people_at_most`] of each threshold, in their order.
    pub at_most: Vec<PeopleAtMost>,
}

/// People at or below a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PeopleAtMost {
    /// The threshold.
    pub threshold: Threshold,
    /// How many.
    pub people: f64,
}

/// What the first `people` of the groups have together, the last group in part.
fn sum_of_first<'a>(groups: impl Iterator<Item = &'a (f64, f64)>, people: f64) -> f64 {
    let mut rest = people;
    let mut sum = 0.0;
    for &(value, here) in groups {
        let taken = here.min(rest);
        sum += value * taken;
        rest -= taken;
        // What rounding leaves over is nobody: where the first have nothing, it would be all they have.
        if rest <= people * CRUMB {
            break;
        }
    }
    sum
}

/// A quotient, unless by 0.
fn over(a: f64, b: f64) -> Option<f64> {
    (b > 0.0).then(|| a / b)
}
