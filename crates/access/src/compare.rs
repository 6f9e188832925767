//! Computed accessibility held against what a statistical office publishes.

use crate::measure::Catchment;
use maillage_territory::{AreaKind, Published, Territory};
use std::collections::BTreeMap;

/// One published series held against one measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Name of the series, with its year.
    pub published: String,
    /// Name of the measure.
    pub measure: String,
    /// By place, by living area, by department: those that the territory knows.
    pub levels: Vec<Level>,
}

/// Both at one level.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// `place`, or the kind of area.
    pub name: &'static str,
    /// Published and computed, in the order of places or codes. Areas are means weighted by standardised people.
    pub points: Vec<(f64, f64)>,
    /// Correlation of Pearson, every point counting once; `None` under two points or without spread.
    pub correlation: Option<f64>,
    /// Mean of |computed − published| over the points.
    pub mean_absolute_difference: Option<f64>,
}

/// Holds a measure against a published series, over places of the territory itself where both are known, and the
/// need for care too.
pub(crate) fn compare(territory: &Territory, published: &Published, catchment: &Catchment) -> Comparison {
    let both: Vec<(usize, f64, f64, f64)> = territory
        .places
        .iter()
        .enumerate()
        .filter(|(_, place)| place.core && place.need != maillage_territory::Need::Unknown)
        .filter(|(i, _)| !catchment.uncertain[*i])
        .filter_map(|(i, _)| {
            Some((i, published.values[i]?, catchment.by_place[i], catchment.standard.by_place[i]))
        })
        .collect();
    let mut levels = vec![Level::new("place", both.iter().map(|&(_, p, c, _)| (p, c)).collect())];
    for kind in [AreaKind::LivingArea, AreaKind::Department] {
        let mut sums: BTreeMap<&str, (f64, f64, f64)> = BTreeMap::new();
        for &(i, p, c, people) in &both {
            if let Some(area) = territory.places[i].area(kind) {
                let sum = sums.entry(&area.code).or_default();
                *sum = (sum.0 + people, sum.1 + people * p, sum.2 + people * c);
            }
        }
        let means = sums.values().filter(|s| s.0 > 0.0).map(|s| (s.1 / s.0, s.2 / s.0));
        let points: Vec<_> = means.collect();
        if !points.is_empty() {
            levels.push(Level::new(kind.as_str(), points));
        }
    }
    Comparison {
        published: format!("{} ({})", published.name, published.year),
        measure: catchment.id.to_string(),
        levels,
    }
}

impl Level {
    fn new(name: &'static str, points: Vec<(f64, f64)>) -> Level {
        let n = points.len() as f64;
        let gap = points.iter().map(|(p, c)| (c - p).abs()).sum::<f64>() / n;
        let mean_absolute_difference = (!points.is_empty()).then_some(gap);
        Level { name, correlation: correlation(&points), points, mean_absolute_difference }
    }
}

fn correlation(points: &[(f64, f64)]) -> Option<f64> {
    let n = points.len() as f64;
    let mean = |pick: fn(&(f64, f64)) -> f64| points.iter().map(pick).sum::<f64>() / n;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let sum = |f: &dyn Fn(f64, f64) -> f64| points.iter().map(|p| f(p.0 - x, p.1 - y)).sum::<f64>();
    let (both, first, second) = (sum(&|a, b| a * b), sum(&|a, _| a * a), sum(&|_, b| b * b));
    (first > 0.0 && second > 0.0).then(|| (both / (first * second).sqrt()).clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlation_by_hand() {
        // Deviations (-1,0,1) and (-2,2,0): products 2, squares 2 and 8.
        let r = correlation(&[(1.0, 1.0), (2.0, 5.0), (3.0, 3.0)]).unwrap();
        assert!((r - 0.5).abs() < 1e-15);
        assert_eq!(correlation(&[(1.0, 2.0)]), None);
        assert_eq!(correlation(&[(1.0, 2.0), (1.0, 3.0)]), None);
        assert_eq!(correlation(&[(2.0, 1.0), (3.0, 1.0)]), None);
    }
}
