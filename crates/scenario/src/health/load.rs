//! A health programme from its file: names become indices, years count from 1.

use super::file::{Attachments, BehaviourFile, ProgrammeFile};
use super::file_means::EnvelopeFile;
use super::file_rules::OutlookFile;
use crate::granted::accessibility;
use crate::load::Builder;
use maillage_input::{Code, Text};
use maillage_programme::health::{Behaviour, Envelope, Health, HealthTypeIx, Outlook, PoolIx, ProfessionIx};
use maillage_programme::{AccessBasis, Euros, SiteIx};
use maillage_territory::{Fte, Minutes, Persons};
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// Where each name stands: the order of the file.
pub(super) struct Names<'a> {
    pub(super) professions: BTreeMap<&'a str, ProfessionIx>,
    pub(super) types: BTreeMap<&'a str, HealthTypeIx>,
    pub(super) pools: BTreeMap<&'a str, PoolIx>,
}

/// A programme being loaded.
pub(super) struct Loader<'a, 'b> {
    pub(super) base: &'b mut Builder<'a>,
    pub(super) file: &'a ProgrammeFile,
    pub(super) names: &'b Names<'a>,
    pub(super) access: &'b Option<AccessBasis>,
    pub(super) apl: OnceCell<Vec<maillage_programme::Hundredths>>,
}

/// The programme, and where each committed site stands in the file. What is wrong goes to the builder: what is
/// returned then stands in for what was meant.
pub(crate) fn load<'a>(
    base: &mut Builder<'a>,
    file: &'a ProgrammeFile,
    people: Vec<Persons>,
) -> (Health, BTreeMap<SiteIx, String>) {
    let supply = base.supply();
    if supply.is_some_and(|s| s.departures_percent > 0) {
        base.error(
            Code::Contradiction,
            "/supply/departures_percent",
            Text::new("un programme a des départs par année", "a programme has departures by year"),
            "",
            Text::new(
                "l'ôter, et compléter « departures_percent_by_year » du problème",
                "drop it, and fill in `departures_percent_by_year` of the problem",
            ),
        );
    }
    if people.iter().all(|n| n.0 == 0) {
        base.error(
            Code::NothingToDecide,
            "/people",
            Text::new("personne à desservir", "nobody to serve"),
            "",
            Text::new("élargir « scope »", "widen `scope`"),
        );
    }
    let names = Names::new(base, file);
    let access = accessibility(base.file, base.territory);
    let mut loader = Loader { base, file, names: &names, access: &access, apl: OnceCell::new() };
    loader.health(people)
}

impl<'a> Names<'a> {
    fn new(base: &mut Builder<'_>, file: &'a ProgrammeFile) -> Names<'a> {
        let professions = file.professions.iter().map(|p| p.id.as_str());
        let types = file.structure_types.iter().map(|t| t.id.as_str());
        let pools = file.pools.iter().map(|p| p.id.as_str());
        Names {
            professions: index(base, "professions", professions, ProfessionIx),
            types: index(base, "structure_types", types, HealthTypeIx),
            pools: index(base, "pools", pools, PoolIx),
        }
    }
}

/// Every identifier of a list with its index; one that stands twice is a problem.
fn index<'a, T>(
    base: &mut Builder<'_>,
    list: &str,
    ids: impl Iterator<Item = &'a str>,
    ix: fn(u16) -> T,
) -> BTreeMap<&'a str, T> {
    let mut out = BTreeMap::new();
    for (id, i) in ids.zip(0u16..) {
        if out.insert(id, ix(i)).is_some() {
            base.duplicate(&format!("/problem/{list}/{i}/id"), id);
        }
    }
    out
}

impl Loader<'_, '_> {
    fn health(&mut self, people: Vec<Persons>) -> (Health, BTreeMap<SiteIx, String>) {
        let file = self.file;
        let types = self.types();
        let (sites, committed) = self.sites(&types);
        let ids: BTreeMap<&str, SiteIx> =
            sites.iter().map(|s| s.id.as_str()).zip((0..).map(SiteIx)).collect();
        let max_time = self.base.minutes(file.max_min, "/problem/max_min");
        let health = Health {
            years: file.years,
            first_year: file.first_year,
            professions: self.professions(),
            people: self.people(people),
            max_time,
            behaviour: self.behaviour(),
            attachments_kept: file.attachments == Attachments::Kept,
            pools: self.pools(),
            levers: self.levers(),
            funders: self.funders(),
            grants_ceiling_percent: file.grants_ceiling_percent,
            owner: self.envelope(&file.owner, "/problem/owner"),
            rules: self.rules(&ids),
            duty: self.duty(),
            goals: self.goals(),
            outlook: match file.outlook {
                OutlookFile::Expected => Outlook::Expected,
                OutlookFile::Worst => Outlook::Worst,
            },
            futures: self.futures(&sites, &ids),
            access: self.access.clone(),
            types,
            sites,
        };
        (health, committed)
    }

    /// People by year, today first.
    fn people(&mut self, today: Vec<Persons>) -> Vec<Vec<Persons>> {
        let growth =
            self.decimal(self.file.people_growth_percent_per_year, "/problem/people_growth_percent_per_year");
        let mut factor = ONE;
        let mut out = vec![today];
        for _ in 1..=self.file.years {
            factor = factor * (10_000 + i128::from(growth)) / 10_000;
            out.push(out[0].iter().map(|n| grown(*n, factor)).collect());
        }
        out
    }

    fn behaviour(&mut self) -> Behaviour {
        let steps = match &self.file.behaviour {
            BehaviourFile::Fill => return Behaviour::Fill,
            BehaviourFile::Nearest => return Behaviour::Nearest,
            BehaviourFile::Decay { steps } => steps,
        };
        let pointer = "/problem/behaviour/steps";
        let mut out: Vec<(Minutes, u8)> = Vec::new();
        for (i, step) in steps.iter().enumerate() {
            let beyond = self.time(step.beyond_min, &format!("{pointer}/{i}/beyond_min"));
            if out.last().is_some_and(|(t, p)| *t >= beyond || *p < step.people_percent) {
                self.base.error(
                    Code::Contradiction,
                    &format!("{pointer}/{i}"),
                    Text::new("les temps montent et les parts baissent", "times rise and shares fall"),
                    "",
                    Text::new("ranger les étapes", "put the steps in order"),
                );
            }
            out.push((beyond, step.people_percent));
        }
        Behaviour::Decay(out)
    }

    pub(super) fn envelope(&mut self, file: &EnvelopeFile, pointer: &str) -> Envelope {
        let by_year = file.by_year_eur.as_deref().unwrap_or_default();
        if file.by_year_eur.is_some() {
            self.each_year(by_year.len(), &format!("{pointer}/by_year_eur"));
        }
        Envelope { by_year: by_year.iter().map(|e| e.map(euros)).collect(), total: file.total_eur.map(euros) }
    }

    /// Hundredths of a number, which may have two decimals.
    pub(super) fn decimal(&mut self, value: f64, pointer: &str) -> i32 {
        let hundredths = (value * 100.0).round();
        if (hundredths / 100.0 - value).abs() > 1e-9 {
            self.base.error(
                Code::OutOfRange,
                pointer,
                Text::new("plus de deux décimales", "more than two decimals"),
                &value.to_string(),
                Text::new("arrondir à deux décimales", "round to two decimals"),
            );
        }
        hundredths as i32
    }

    /// A number that is not negative, in hundredths.
    pub(super) fn hundredths(&mut self, value: f64, pointer: &str) -> u32 {
        self.decimal(value, pointer).unsigned_abs()
    }

    pub(super) fn fte(&mut self, value: f64, pointer: &str) -> Fte {
        Fte::from_hundredths(self.hundredths(value, pointer))
    }

    /// A time that travel times reach.
    pub(super) fn time(&mut self, value: f64, pointer: &str) -> Minutes {
        self.base.minutes(value, pointer)
    }

    /// The planned year of a calendar year, or what stands for none.
    pub(super) fn year(&mut self, year: Option<u16>, none: u8, pointer: &str) -> u8 {
        let Some(year) = year else { return none };
        let (first, years) = (self.file.first_year, self.file.years);
        match year.checked_sub(first).filter(|d| *d < u16::from(years)) {
            Some(d) => d as u8 + 1,
            None => {
                let last = first + u16::from(years) - 1;
                self.base.error(
                    Code::OutOfRange,
                    pointer,
                    Text::new("année hors de la période planifiée", "year outside the planned period"),
                    &year.to_string(),
                    Text::new(format!("de {first} à {last}"), format!("from {first} to {last}")),
                );
                none
            }
        }
    }

    /// The first and last year of a rule.
    pub(super) fn period(&mut self, from: Option<u16>, to: Option<u16>, pointer: &str) -> (u8, u8) {
        let first = self.year(from, 1, &format!("{pointer}/from_year"));
        let last = self.year(to, self.file.years, &format!("{pointer}/to_year"));
        self.at_most(first, last, &format!("{pointer}/to_year"), "from_year ≤ to_year");
        (first, last)
    }

    /// That a list has one entry for each planned year.
    pub(super) fn each_year(&mut self, entries: usize, pointer: &str) {
        let years = usize::from(self.file.years);
        if entries != years {
            self.base.error(
                Code::OutOfRange,
                pointer,
                Text::new(
                    "il faut une valeur par année planifiée",
                    "one value for each planned year is needed",
                ),
                &entries.to_string(),
                Text::new(format!("{years} valeurs"), format!("{years} values")),
            );
        }
    }

    /// That a least is not above a most.
    pub(super) fn at_most<T: PartialOrd + std::fmt::Display>(
        &mut self,
        least: T,
        most: T,
        pointer: &str,
        rule: &str,
    ) {
        if least > most {
            self.base.error(
                Code::Contradiction,
                pointer,
                Text::new("le minimum dépasse le maximum", "the minimum is above the maximum"),
                &format!("{least} > {most}"),
                Text::new(rule, rule),
            );
        }
    }

    /// What a name stands for, or a problem that lists the names there are.
    pub(super) fn named<T: Copy>(&mut self, names: &BTreeMap<&str, T>, id: &str, pointer: &str) -> Option<T> {
        let found = names.get(id).copied();
        if found.is_none() {
            let known = listed(names.keys().copied());
            self.base.error(
                Code::UnknownId,
                pointer,
                Text::new("nom non défini", "name not defined"),
                id,
                Text::new(format!("noms définis : {known}"), format!("names defined: {known}")),
            );
        }
        found
    }

    pub(super) fn type_ix(&mut self, id: &str, pointer: &str) -> Option<HealthTypeIx> {
        let names = self.names;
        self.named(&names.types, id, pointer)
    }

    pub(super) fn profession_ix(&mut self, id: &str, pointer: &str) -> Option<ProfessionIx> {
        let names = self.names;
        self.named(&names.professions, id, pointer)
    }

    /// Several types, sorted.
    pub(super) fn type_set(
        &mut self,
        ids: &[maillage_territory::TypeId],
        pointer: &str,
    ) -> Vec<HealthTypeIx> {
        let mut out: Vec<_> = ids
            .iter()
            .enumerate()
            .filter_map(|(i, id)| self.type_ix(id.as_str(), &format!("{pointer}/{i}")))
            .collect();
        out.sort_unstable();
        out.dedup();
        out
    }

    /// Several professions, sorted.
    pub(super) fn profession_set(
        &mut self,
        ids: &[maillage_territory::Profession],
        pointer: &str,
    ) -> Vec<ProfessionIx> {
        let mut out: Vec<_> = ids
            .iter()
            .enumerate()
            .filter_map(|(i, id)| self.profession_ix(id.as_str(), &format!("{pointer}/{i}")))
            .collect();
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// One, in parts of 10¹².
const ONE: i128 = 1_000_000_000_000;

/// People times a factor in parts of 10¹², rounded half up.
fn grown(people: Persons, factor: i128) -> Persons {
    Persons(((i128::from(people.0) * factor + ONE / 2) / ONE) as u64)
}

/// The schema keeps sums far below what an `i64` holds.
pub(super) fn euros(sum: u64) -> Euros {
    Euros(sum as i64)
}

/// Names in a remedy: the first ones.
pub(super) fn listed<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let all = names.len();
    let shown: Vec<&str> = names.take(20).collect();
    let more = if shown.len() < all { ", …" } else { "" };
    if all == 0 { "—".to_owned() } else { format!("{}{more}", shown.join(", ")) }
}
