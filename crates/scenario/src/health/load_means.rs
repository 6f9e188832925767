//! Pools, levers, funders, duty and futures of a health programme.

use super::file_means::{DutyFile, FundingRuleFile, FutureFile};
use super::load::{Loader, euros};
use maillage_input::{Code, Text};
use maillage_programme::SiteIx;
use maillage_programme::health::{
    Duty, Funder, FundingRule, Future, HealthSite, Lever, Pool, Practice, ProfessionIx, Standing,
};
use maillage_territory::{Fte, PlaceIx};
use std::collections::{BTreeMap, BTreeSet};

/// Known departures: the place, posts, from which year on.
type Leaving = Vec<(PlaceIx, Fte, u8)>;

impl Loader<'_, '_> {
    pub(super) fn pools(&mut self) -> Vec<Pool> {
        let mut out = Vec::new();
        for (i, file) in self.file.pools.iter().enumerate() {
            let pointer = format!("/problem/pools/{i}");
            let profession = self.profession_ix(file.profession.as_str(), &format!("{pointer}/profession"));
            let at = format!("{pointer}/fte_by_year");
            self.each_year(file.fte_by_year.len(), &at);
            let years = file.fte_by_year.iter().enumerate();
            out.push(Pool {
                id: file.id.clone(),
                profession: profession.unwrap_or(ProfessionIx(0)),
                mode: file.mode,
                places: self.places(&file.places, &format!("{pointer}/where")),
                by_year: years.map(|(y, fte)| self.fte(*fte, &format!("{at}/{y}"))).collect(),
                carry_over: file.carry_over,
            });
        }
        out
    }

    pub(super) fn levers(&mut self) -> Vec<Lever> {
        let mut seen = BTreeSet::new();
        let mut out = Vec::new();
        for (i, file) in self.file.levers.iter().enumerate() {
            let pointer = format!("/problem/levers/{i}");
            if !seen.insert(&file.id) {
                self.base.duplicate(&format!("{pointer}/id"), &file.id);
            }
            let from = self.year(file.from_year, 1, &format!("{pointer}/from_year"));
            let last = self.year(file.by_year, self.file.years, &format!("{pointer}/by_year"));
            self.at_most(from, last, &format!("{pointer}/by_year"), "from_year ≤ by_year");
            out.push(Lever {
                id: file.id.clone(),
                name: file.name.clone(),
                capital: euros(file.capital_eur),
                yearly: euros(file.cost_eur_per_year),
                from,
                by: file.by_year.map(|_| last),
                delay: file.delay_years,
                adds: self.adds(&file.adds, &format!("{pointer}/adds")),
            });
        }
        out
    }

    pub(super) fn funders(&mut self) -> Vec<Funder> {
        // These stand for other payers in results.
        let mut seen = BTreeSet::from(["owner", "income"]);
        let mut out = Vec::new();
        for (i, file) in self.file.funders.iter().enumerate() {
            let pointer = format!("/problem/funders/{i}");
            if !seen.insert(file.id.as_str()) {
                self.base.duplicate(&format!("{pointer}/id"), &file.id);
            }
            let rules = file.rules.iter().enumerate();
            out.push(Funder {
                id: file.id.clone(),
                name: file.name.clone(),
                rules: rules.map(|(r, rule)| self.funding(rule, &format!("{pointer}/rules/{r}"))).collect(),
                envelope: self.envelope(&file.envelope, &format!("{pointer}/envelope")),
            });
        }
        out
    }

    fn funding(&mut self, file: &FundingRuleFile, pointer: &str) -> FundingRule {
        FundingRule {
            types: self.type_set(&file.types, &format!("{pointer}/types")),
            places: self.places(&file.places, &format!("{pointer}/where")),
            least_posts: self.hundredths(file.min_team_fte, &format!("{pointer}/min_team_fte")),
            rate_bp: self.hundredths(file.rate_percent, &format!("{pointer}/rate_percent")),
            rate_more_bp: self.hundredths(
                file.rate_more_percent_per_room,
                &format!("{pointer}/rate_more_percent_per_room"),
            ),
            rooms_from: file.rooms_from,
            rate_more_most_bp: self
                .hundredths(file.rate_more_max_percent, &format!("{pointer}/rate_more_max_percent")),
            base_cap: file.base_cap_eur.map(euros),
            cap: file.cap_eur.map(euros),
            fixed: euros(file.fixed_eur),
            yearly: euros(file.running_eur_per_year),
        }
    }

    pub(super) fn duty(&mut self) -> Option<Duty> {
        let file: &DutyFile = self.file.duty.as_ref()?;
        let pointer = "/problem/duty";
        let fixed = file.fixed.iter().enumerate();
        let mut fixed: Vec<PlaceIx> =
            fixed.filter_map(|(i, id)| self.base.place(id, &format!("{pointer}/fixed/{i}"))).collect();
        fixed.sort_unstable();
        fixed.dedup();
        Some(Duty {
            types: self.type_set(&file.types, &format!("{pointer}/types")),
            people_within: self.time(file.people_within_min, &format!("{pointer}/people_within_min")),
            volunteers_within: self
                .time(file.volunteers_within_min, &format!("{pointer}/volunteers_within_min")),
            participation_percent: file.participation_percent,
            least_volunteers: self.fte(file.min_volunteers_fte, &format!("{pointer}/min_volunteers_fte")),
            max_points: file.max_points,
            fixed,
        })
    }

    pub(super) fn futures(&mut self, sites: &[HealthSite], ids: &BTreeMap<&str, SiteIx>) -> Vec<Future> {
        let leaving = self.leaving(sites);
        let by_year = self.file.departures_percent_by_year.as_deref();
        let gone = self.gone(by_year, "/problem/departures_percent_by_year");
        let Some(files) = self.file.futures.as_deref() else {
            let practices = self.practices(sites, &gone, &leaving);
            let id = "base".to_owned();
            let refused = Vec::new();
            return vec![Future {
                id,
                probability_percent: 100,
                pool_percent: 100,
                ramp_percent: 100,
                refused,
                practices,
            }];
        };
        let total: u32 = files.iter().map(|f| u32::from(f.probability_percent)).sum();
        if total != 100 {
            self.base.error(
                Code::Contradiction,
                "/problem/futures",
                Text::new("les probabilités ne font pas 100", "probabilities do not add up to 100"),
                &total.to_string(),
                Text::new("corriger « probability_percent »", "mend `probability_percent`"),
            );
        }
        let mut seen = BTreeSet::new();
        let mut out = Vec::new();
        for (i, file) in files.iter().enumerate() {
            let pointer = format!("/problem/futures/{i}");
            if !seen.insert(&file.id) {
                self.base.duplicate(&format!("{pointer}/id"), &file.id);
            }
            let own = file.departures_percent_by_year.as_deref();
            let gone = match own {
                Some(_) => self.gone(own, &format!("{pointer}/departures_percent_by_year")),
                None => gone.clone(),
            };
            out.push(Future {
                id: file.id.clone(),
                probability_percent: file.probability_percent,
                pool_percent: file.pool_percent,
                ramp_percent: file.ramp_percent,
                refused: self.refused(file, sites, ids, &pointer),
                practices: self.practices(sites, &gone, &leaving),
            });
        }
        out
    }

    fn refused(
        &mut self,
        file: &FutureFile,
        sites: &[HealthSite],
        ids: &BTreeMap<&str, SiteIx>,
        pointer: &str,
    ) -> Vec<SiteIx> {
        let mut out = Vec::new();
        for (i, id) in file.refused.iter().enumerate() {
            let pointer = format!("{pointer}/refused/{i}");
            let Some(ix) = self.named(ids, id.as_str(), &pointer) else { continue };
            if !matches!(sites[ix.0 as usize].standing, Standing::Candidate { .. }) {
                self.base.error(
                    Code::Contradiction,
                    &pointer,
                    Text::new("ce site existe déjà", "this site stands already"),
                    id.as_str(),
                    Text::new("donner un site candidat", "give a candidate site"),
                );
            }
            out.push(ix);
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    /// The share of today's GPs who have left by year, today first.
    fn gone(&mut self, by_year: Option<&[u8]>, pointer: &str) -> Vec<u8> {
        let Some(by_year) = by_year else { return vec![0; usize::from(self.file.years) + 1] };
        self.each_year(by_year.len(), pointer);
        if by_year.windows(2).any(|w| w[0] > w[1]) {
            self.base.error(
                Code::Contradiction,
                pointer,
                Text::new("des parts cumulées ne baissent pas", "cumulated shares do not fall"),
                "",
                Text::new(
                    "compter ceux qui sont partis depuis aujourd'hui",
                    "count those who have left since today",
                ),
            );
        }
        std::iter::once(0).chain(by_year.iter().copied()).collect()
    }

    fn leaving(&mut self, sites: &[HealthSite]) -> Leaving {
        let practices: BTreeMap<PlaceIx, Fte> = self.base.practices().into_iter().collect();
        let standing: BTreeSet<PlaceIx> =
            sites.iter().filter(|s| s.standing == Standing::Practice).map(HealthSite::main).collect();
        let mut left: BTreeMap<PlaceIx, u32> = BTreeMap::new();
        let mut out = Leaving::new();
        for (i, file) in self.file.departures.iter().enumerate() {
            let pointer = format!("/problem/departures/{i}");
            let fte = self.fte(file.gps_fte, &format!("{pointer}/gps_fte"));
            let year = self.year(Some(file.year), 1, &format!("{pointer}/year"));
            let Some(place) = self.base.place(&file.place, &format!("{pointer}/place")) else { continue };
            let there =
                practices.get(&place).filter(|_| standing.contains(&place)).copied().unwrap_or_default();
            let all = left.entry(place).or_default();
            *all = all.saturating_add(fte.hundredths());
            if *all > there.hundredths() {
                let gone = Fte::from_hundredths(*all);
                self.base.error(
                    Code::Contradiction,
                    &format!("{pointer}/gps_fte"),
                    Text::new("plus de départs que de médecins", "more departures than GPs"),
                    &format!("{gone} > {there}"),
                    Text::new(format!("au plus {there}"), format!("at most {there}")),
                );
            }
            out.push((place, fte, year));
        }
        out
    }

    /// Practices by year, today first: pro rata departures first, then known ones.
    fn practices(
        &self,
        sites: &[HealthSite],
        gone: &[u8],
        leaving: &Leaving,
    ) -> BTreeMap<SiteIx, Vec<Practice>> {
        let Some(supply) = self.base.file.supply else { return BTreeMap::new() };
        let today: BTreeMap<PlaceIx, Fte> = self.base.practices().into_iter().collect();
        let in_year = |place: PlaceIx, year: u8, percent: u8| {
            let known = leaving.iter().filter(|(p, _, y)| *p == place && *y <= year);
            let known: u32 = known.map(|(_, fte, _)| fte.hundredths()).sum();
            let stay = today[&place].less_percent(percent).hundredths().saturating_sub(known);
            let gps = Fte::from_hundredths(stay);
            let acts = u64::from(stay) * u64::from(supply.acts_per_gp) / 100;
            Practice { gps, list: gps.people_at(supply.patients_per_gp), acts }
        };
        let years =
            |place| gone.iter().zip(0..).map(|(percent, year)| in_year(place, year, *percent)).collect();
        let practices = (0..).map(SiteIx).zip(sites).filter(|(_, s)| s.standing == Standing::Practice);
        practices.map(|(ix, s)| (ix, years(s.main()))).collect()
    }
}
