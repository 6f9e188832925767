//! Floating catchments of a territory.

use super::{Catchment, Work};
use crate::equity::{Distribution, Threshold};
use crate::{
    AgeWeights, CatchmentSettings, Catchments, Count, Decay, DecayFile, NoSupply, StandardPeople, Supply,
    SupplyRule,
};
use maillage_input::{Lang, Text, comma, grouped};
use maillage_territory::{PlaceIx, Profession, TypeId};

/// Names of other measures and of columns.
const RESERVED: [&str; 13] = [
    "territory",
    "code_commune",
    "name",
    "core",
    "population",
    "nearest",
    "available",
    "zoning",
    "trajectory",
    "minutes_nearest",
    "people_without_list",
    "zone_class",
    "aids",
];

impl Work<'_> {
    /// Catchments asked for, or those that the territory allows.
    fn wanted(&mut self) -> Vec<CatchmentSettings> {
        if let Some(listed) = &self.settings.catchments {
            return listed.clone();
        }
        let mut out = Vec::new();
        let (until, known_to) = (Decay::drees_2015().until(), self.territory.travel.max());
        if known_to < until {
            self.note(
                format!(
                    "APL non calculée : la table de trajets s'arrête à {known_to} min, il en faut {until}"
                ),
                format!("APL not computed: the table of times stops at {known_to} min, {until} are needed"),
            );
            return out;
        }
        let gp = Profession::gp();
        for profession in self.territory.professions.keys() {
            let name = if *profession == gp { "apl".to_owned() } else { format!("apl-{profession}") };
            // A profession is an identifier, so this is one unless it is too long.
            let Ok(id) = TypeId::new(&name) else { continue };
            out.push(CatchmentSettings::apl(id, profession.clone(), None));
        }
        let mut gps = self.territory.practitioners.iter().filter(|g| g.profession == gp).peekable();
        if gps.peek().is_some() && gps.all(|g| g.age.is_some()) {
            if let Ok(id) = TypeId::new("apl-65") {
                out.push(CatchmentSettings::apl(id, gp, Some(65)));
            }
        } else if self.territory.professions.contains_key(&gp) {
            self.note(
                "âges des médecins inconnus : APL des médecins de 65 ans et moins non calculée",
                "ages of GPs unknown: APL of GPs up to 65 not computed",
            );
        }
        out
    }

    pub(super) fn catchments(&mut self) -> Vec<Catchment> {
        let wanted = self.wanted();
        if wanted.is_empty() && self.territory.professions.is_empty() {
            self.note(
                "aucun nombre de praticiens dans le territoire : aucune accessibilité",
                "no number of practitioners in the territory: no accessibility",
            );
        }
        let mut out: Vec<Catchment> = Vec::new();
        for (i, one) in wanted.iter().enumerate() {
            let at = |field: &str| format!("/catchments/{i}{field}");
            if RESERVED.contains(&one.id.as_str()) || one.id.as_str().contains(':') {
                let remedy = Text::new("donner un autre nom, sans « : »", "give another name, without `:`");
                let cause = Text::new("ce nom désigne autre chose", "this name means something else");
                self.refuse(at("/id"), cause, &one.id, remedy);
                continue;
            }
            if out.iter().any(|c| c.id == one.id) {
                let remedy = Text::new("donner un autre nom", "give another name");
                self.refuse(
                    at("/id"),
                    Text::new("mesure définie deux fois", "measure defined twice"),
                    &one.id,
                    remedy,
                );
                continue;
            }
            if let Some(catchment) = self.catchment(one, &at) {
                let (fr, en) = match one.counted() {
                    Count::Acts(_) => {
                        ("actes par an et par habitant standardisé", "acts a year per standardised person")
                    }
                    Count::Posts {} => {
                        ("pour 100 000 habitants standardisés", "per 100,000 standardised people")
                    }
                };
                let title = Text::new(format!("{}, {fr}", one.id), format!("{}, {en}", one.id));
                self.titles.insert(one.id.to_string(), title);
                self.catchment_figures(one, &catchment);
                self.catchment_notes(one, &catchment);
                out.push(catchment);
            }
        }
        out
    }

    fn catchment(&mut self, one: &CatchmentSettings, at: &dyn Fn(&str) -> String) -> Option<Catchment> {
        let decay = match one.decay.decay() {
            Ok(decay) => decay,
            Err(e) => {
                let remedy = Text::new(
                    "temps croissants jusqu'à 600, poids de 0 à 1",
                    "rising times up to 600, weights from 0 to 1",
                );
                self.refuse(at("/decay"), e.text(), &one.id, remedy);
                return None;
            }
        };
        let known_to = self.territory.travel.max();
        if known_to < decay.until() {
            self.refuse(
                at("/decay"),
                Text::new(
                    format!(
                        "la décroissance va jusqu'à {} min, la table de trajets s'arrête à {known_to}",
                        decay.until()
                    ),
                    format!(
                        "the decay reaches {} min, the table of times stops at {known_to}",
                        decay.until()
                    ),
                ),
                &one.id,
                Text::new(
                    "prolonger la table (max_min) ou raccourcir la décroissance",
                    "widen the table (max_min) or shorten the decay",
                ),
            );
            return None;
        }
        let is_gp = one.profession == Profession::gp();
        let weights = one.age_weights.unwrap_or(if is_gp { AgeWeights::GP } else { AgeWeights::EVEN });
        if !weights.0.iter().all(|w| (0.0..=100.0).contains(w)) {
            let remedy = Text::new("six nombres de 0 à 100", "six numbers from 0 to 100");
            self.refuse(
                at("/age_weights"),
                Text::new("poids par âge inutilisables", "unusable weights by age"),
                format!("{:?}", weights.0),
                remedy,
            );
            return None;
        }
        let acts = match one.counted() {
            Count::Acts(rule) => Some(rule),
            Count::Posts {} => None,
        };
        let rule = SupplyRule {
            profession: one.profession.clone(),
            age_bound: one.age_bound,
            unknown_older_percent: one.unknown_older_percent,
            acts,
        };
        let supply = match Supply::new(self.territory, &rule) {
            Ok(supply) => supply,
            Err(NoSupply::UnknownProfession) => {
                let known: Vec<&str> = self.territory.professions.keys().map(Profession::as_str).collect();
                let known = known.join(", ");
                self.refuse(
                    at("/profession"),
                    Text::new("profession absente du territoire", "profession absent from the territory"),
                    &one.profession,
                    Text::new(
                        format!("professions connues : {known}"),
                        format!("known professions: {known}"),
                    ),
                );
                return None;
            }
            Err(NoSupply::UnknownAges) => {
                self.refuse(
                    at("/age_bound"),
                    Text::new(
                        "âges inconnus : la limite d'âge ne peut pas s'appliquer",
                        "unknown ages: the age bound cannot be applied",
                    ),
                    one.age_bound.unwrap_or_default(),
                    Text::new(
                        "donner les âges, ou la part estimée de plus âgés (unknown_older_percent)",
                        "give the ages, or the estimated share of older ones (unknown_older_percent)",
                    ),
                );
                return None;
            }
        };
        let standard = StandardPeople::new(self.territory, &weights);
        let travel = &self.territory.travel;
        let mut reached = Catchments::new(travel, &decay, &standard.by_place).accessibility(&supply.by_place);
        let unit =
            if acts.is_some() { "acts_per_standard_person" } else { "posts_per_100000_standard_people" };
        if acts.is_none() {
            reached.by_place.iter_mut().for_each(|a| *a *= 1e5);
        }
        let uncertain = (0..)
            .map(PlaceIx)
            .take(self.inhabitants.len())
            .map(|from| {
                let mut near = travel.from(from).iter().take_while(|(_, t)| *t <= decay.until());
                self.territory.has_no_times(from)
                    || near.any(|&(to, t)| decay.weight(t) > 0.0 && !supply.known[to.0 as usize])
            })
            .collect();
        let (by_place, unused) = (reached.by_place, reached.unused);
        Some(Catchment {
            id: one.id.clone(),
            settings: one.clone(),
            unit,
            by_place,
            unused,
            standard,
            supply,
            uncertain,
        })
    }

    fn catchment_figures(&mut self, one: &CatchmentSettings, c: &Catchment) {
        let thresholds: Vec<Threshold> = match one.counted() {
            Count::Acts(_) => self.thresholds(),
            Count::Posts {} => Vec::new(),
        };
        let people = |p: &PlaceIx| self.inhabitants[p.0 as usize].0;
        let value = |p: &PlaceIx| c.by_place[p.0 as usize];
        for (zone, all) in &self.zones {
            // What is unknown is not zero: only places whose whole catchment is known are summed up.
            let known = all.iter().filter(|p| !c.uncertain[p.0 as usize]);
            let places: Vec<PlaceIx> = known.copied().collect();
            // Values and weights are within bounds: neither is refused.
            let by_people = Distribution::new(places.iter().map(|p| (value(p), people(p) as f64)));
            let standard = places.iter().map(|p| (value(p), c.standard.by_place[p.0 as usize]));
            let (Ok(by_people), Ok(by_need)) = (by_people, Distribution::new(standard)) else { continue };
            let equity = by_people.equity(&thresholds);
            let mut put = self.figures.of(c.id.as_str(), zone);
            put.maybe("mean_by_standard_people", c.unit, by_need.mean());
            put.maybe("mean_by_population", c.unit, equity.mean);
            put.maybe("median", c.unit, equity.median);
            put.maybe("worst_tenth", c.unit, equity.worst_tenth);
            put.maybe("best_tenth", c.unit, equity.best_tenth);
            put.maybe("best_over_worst_tenth", "ratio", equity.best_over_worst);
            put.maybe("gini", "ratio", equity.gini);
            put.maybe("palma", "ratio", equity.palma);
            put.maybe("theil", "nat", equity.theil);
            for at_most in &equity.at_most {
                put.limited("people_at_most", at_most.threshold.value(), "people", Some(at_most.people));
            }
            let uncertain = all.iter().filter(|p| c.uncertain[p.0 as usize]).map(people).sum::<u64>();
            put.maybe("people_near_unknown_supply", "people", Some(uncertain as f64));
        }
    }

    /// The thresholds that are numbers; the others are refused once.
    fn thresholds(&mut self) -> Vec<Threshold> {
        let mut out = Vec::new();
        for (i, &value) in self.settings.thresholds.iter().enumerate() {
            match Threshold::new(value) {
                Ok(threshold) => out.push(threshold),
                Err(_) if !self.bad.iter().any(|b| b.pointer == format!("/thresholds/{i}")) => self.refuse(
                    format!("/thresholds/{i}"),
                    Text::new("seuil inutilisable", "unusable threshold"),
                    value,
                    Text::new("0 ou un nombre positif", "0 or a number above"),
                ),
                Err(_) => {}
            }
        }
        out
    }

    fn catchment_notes(&mut self, one: &CatchmentSettings, c: &Catchment) {
        let id = &c.id;
        if one.decay == (DecayFile::Drees2015 {}) {
            self.note_of(
                id,
                "poids 1, 2/3, 1/3 jusqu'à 10, 15, 20 min : énoncé d'usage de la méthode depuis 2015, non vérifié à la source",
                "weights 1, 2/3, 1/3 up to 10, 15, 20 min: the usual statement of the method since 2015, not verified at the source",
            );
        }
        if c.standard.from_ages > 0 && one.age_weights.is_none() && one.profession == Profession::gp() {
            self.note_of(
                id,
                "besoin par âge : poids estimés, non la table de la DREES",
                "need by age: estimated weights, not the table of DREES",
            );
        }
        let whole = |lang, n: f64| grouped(lang, n.round() as i64);
        if let (Count::Acts(rule), true) = (one.counted(), c.supply.acts_unknown > 0.0) {
            let (n, acts) = (c.supply.acts_unknown, i64::from(rule.unknown));
            self.note_of(
                id,
                format!(
                    "actes inconnus de {} praticiens, comptés {} par an chacun (calé sur 2018)",
                    whole(Lang::Fr, n),
                    grouped(Lang::Fr, acts)
                ),
                format!(
                    "acts unknown of {} practitioners, counted {} a year each (fitted on 2018)",
                    whole(Lang::En, n),
                    grouped(Lang::En, acts)
                ),
            );
        }
        if let (Some(older), true) = (one.unknown_older_percent, c.supply.age_unknown > 0.0) {
            let n = c.supply.age_unknown;
            self.note_of(
                id,
                format!(
                    "âge inconnu de {} praticiens, {} % supposés au-delà de la limite",
                    whole(Lang::Fr, n),
                    comma(older)
                ),
                format!(
                    "age unknown of {} practitioners, {older} % taken to be beyond the bound",
                    whole(Lang::En, n)
                ),
            );
        }
        if c.standard.unknown > 0 {
            let n = c.standard.unknown;
            self.note_of(
                id,
                format!("besoin inconnu de {} habitants, comptés un pour un", grouped(Lang::Fr, n)),
                format!("need unknown of {} inhabitants, counted one for one", grouped(Lang::En, n)),
            );
        }
        let unknown = c.supply.known.iter().filter(|k| !**k).count() as u64;
        if unknown > 0 {
            self.note_of(
                id,
                format!(
                    "lieux d'offre inconnue, comptée nulle (valeurs minimales autour) : {}",
                    grouped(Lang::Fr, unknown)
                ),
                format!(
                    "places of unknown supply, counted as none (values around are lower bounds): {}",
                    grouped(Lang::En, unknown)
                ),
            );
        }
        if c.unused > 0.0 {
            self.note_of(
                id,
                format!("offre que personne n'atteint : {}", whole(Lang::Fr, c.unused)),
                format!("supply that nobody reaches: {}", whole(Lang::En, c.unused)),
            );
        }
    }
}
