//! Whether a plan keeps every rule: the rows again at its whole decisions, and what rows do not say, in integers.

use super::formulation::Decisions;
use super::people::LeftOut;
use good_lp::{Constraint, IntoAffineExpression, Variable};
use maillage_programme::SiteIx;
use maillage_programme::health::{FutureIx, HealthPlan, HealthRule, Standing};
use maillage_territory::PlaceIx;
use std::collections::{BTreeSet, HashMap};

/// Rows hold whole numbers, or 1,024ths of them where they are euros.
const TOLERANCE: f64 = 1e-6;

impl Decisions<'_> {
    /// Whether a plan keeps `rows`, all over decisions, and the rules that are about places.
    pub(crate) fn keeps(&self, plan: &HealthPlan, rows: &[Constraint]) -> bool {
        let values: HashMap<Variable, f64> = self.start(plan).into_iter().collect();
        let holds = |row: &Constraint| {
            let e = row.expression();
            let sum: f64 =
                e.linear_coefficients().map(|(v, c)| c * values.get(&v).copied().unwrap_or(0.0)).sum();
            let over = sum + e.constant();
            if row.is_equality() { over.abs() <= TOLERANCE } else { over <= TOLERANCE }
        };
        rows.iter().all(holds) && self.world.health.rules.iter().all(|r| self.keeps_places(plan, r))
    }

    fn keeps_places(&self, plan: &HealthPlan, rule: &HealthRule) -> bool {
        let (world, health) = (self.world, self.world.health);
        match rule {
            HealthRule::Coverage { places, types, practices, within, percent, years } => {
                (years.0.max(1)..=years.1.min(health.years)).all(|year| {
                    let counts = |ix: SiteIx, standing: &Standing| match standing {
                        Standing::Practice => {
                            *practices && world.practice(FutureIx(0), ix, year).gps.hundredths() > 0
                        }
                        _ => plan
                            .open(health, ix, year)
                            .is_some_and(|kind| types.is_empty() || types.contains(&kind)),
                    };
                    let of: BTreeSet<PlaceIx> = health
                        .sites()
                        .filter(|(ix, s)| counts(*ix, &s.standing))
                        .flat_map(|(_, s)| s.addresses.iter().copied())
                        .collect();
                    let near = world.within(&of, *within);
                    let people = |keep: &dyn Fn(usize) -> bool| -> u128 {
                        let all = health.people[usize::from(year)].iter().enumerate();
                        let inside = all.filter(|(i, _)| places.contains(PlaceIx(*i as u32)) && keep(*i));
                        inside.map(|(_, n)| u128::from(n.0)).sum()
                    };
                    people(&|i| near[i]) * 100 >= people(&|_| true) * u128::from(*percent)
                })
            }
            HealthRule::Attached { places, percent, years } => plan.futures.iter().all(|f| {
                (years.0.max(1)..=years.1.min(health.years)).all(|year| {
                    let all = health.people[usize::from(year)].iter().enumerate();
                    let all: u128 = all
                        .filter(|(i, _)| places.contains(PlaceIx(*i as u32)))
                        .map(|(_, n)| u128::from(n.0))
                        .sum();
                    let on = f.attached.iter().filter(|a| a.year == year && places.contains(a.from));
                    on.map(|a| u128::from(a.people.0)).sum::<u128>() * 100 >= all * u128::from(*percent)
                })
            }),
            _ => true,
        }
    }

    /// How many people of which places may stay without a list, by the rules.
    pub(crate) fn left_out(&self) -> Vec<LeftOut> {
        let health = self.world.health;
        let of = |rule: &HealthRule| match rule {
            HealthRule::Attached { places, percent, years } => Some(LeftOut {
                places: (0..health.people[0].len() as u32)
                    .map(PlaceIx)
                    .filter(|p| places.contains(*p))
                    .collect(),
                most_bp: 10_000 - 100 * u32::from((*percent).min(100)),
                years: *years,
            }),
            _ => None,
        };
        health.rules.iter().filter_map(of).collect()
    }
}
