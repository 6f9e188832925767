//! What one step of a post is worth by years since it was hired: integers that every rule and figure is made of.

use super::{Future, Health, PostKind};

/// One step of a post, by years since hiring: 0 is the year it is hired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostTable {
    /// Filled, in hundredths of a full-time equivalent.
    pub filled: Vec<u32>,
    /// People it adds to the list.
    pub list: Vec<u64>,
    /// Acts a year.
    pub acts: Vec<u64>,
    /// Cost minus income of the year, in euros.
    pub net: Vec<i64>,
    /// Cost of the year.
    pub cost: Vec<i64>,
    /// Income of the year.
    pub income: Vec<i64>,
}

/// Tables of every post of every type in one future: `tables.of[type][post]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables {
    /// By type, then post.
    pub of: Vec<Vec<PostTable>>,
}

impl Tables {
    /// Tables of a programme in a future.
    pub fn new(health: &Health, future: &Future) -> Tables {
        let table = |p: &PostKind| PostTable::new(p, future.ramp_percent, health.years);
        Tables { of: health.types.iter().map(|t| t.posts.iter().map(table).collect()).collect() }
    }
}

impl PostTable {
    /// With `step` the hundredths of a step, `stay(a)` the hundredths of a percent that are left after `a` years of
    /// attrition (rounded down each year, from 10,000) and `ramp(a)` in percent:
    ///
    /// * filled = ⌊step · stay / 10⁴⌋
    /// * list = ⌊step · stay · ramp · list · future's ramp / (10² · 10⁴ · 10² · 10²)⌋, acts likewise
    /// * cost = ⌊yearly · filled / 100⌋, income = ⌊income · filled / 100⌋
    ///
    /// ```
    /// # use maillage_programme::{*, health::*};
    /// # use maillage_territory::Fte;
    /// let gp = PostKind { profession: ProfessionIx(0), mode: Mode::Salaried, step: Fte::whole(1), least: Fte::whole(0),
    ///     most: Fte::whole(4), rooms: 100, list: 1000, acts: 4220, ramp: vec![35, 60, 80, 100], attrition_percent: 10,
    ///     capital: Euros(0), yearly: Euros(120_000), income: Euros(90_000) };
    /// let table = PostTable::new(&gp, 100, 3);
    /// assert_eq!(table.filled, [100, 90, 81]);
    /// assert_eq!(table.list, [350, 540, 648]); // 1000 · 0.9 · 0.60 = 540; 1000 · 0.81 · 0.80 = 648
    /// assert_eq!(table.net, [30_000, 27_000, 24_300]);
    /// ```
    pub fn new(post: &PostKind, ramp_percent: u8, years: u8) -> PostTable {
        let step = u128::from(post.step.hundredths());
        let (mut stay, mut out) = (10_000u128, PostTable::empty());
        for age in 0..usize::from(years) {
            let ramp = post.ramp.get(age).or(post.ramp.last()).map_or(100, |r| u128::from(*r));
            let share = step * stay * ramp * u128::from(ramp_percent);
            let filled = step * stay / 10_000;
            let yearly = |euros: crate::Euros| (i128::from(euros.0) * filled as i128).div_euclid(100) as i64;
            out.filled.push(filled as u32);
            out.list.push((share * u128::from(post.list) / 10_000_000_000) as u64);
            out.acts.push((share * u128::from(post.acts) / 10_000_000_000) as u64);
            out.cost.push(yearly(post.yearly));
            out.income.push(yearly(post.income));
            out.net.push(yearly(post.yearly) - yearly(post.income));
            stay = stay * u128::from(100 - post.attrition_percent.min(100)) / 100;
        }
        out
    }

    fn empty() -> PostTable {
        PostTable { filled: vec![], list: vec![], acts: vec![], net: vec![], cost: vec![], income: vec![] }
    }
}
