//! Professions and types of structure of a health programme, with what the law asks of them.

use super::file_types::{AddFile, LeadFile, PostFile, SessionsFile, TypeFile};
use super::load::{Loader, euros};
use maillage_input::{Code, Text};
use maillage_programme::health::{
    HealthType, LeadRule, Mode, PoolIx, PostKind, Profession, ProfessionIx, Rank, SessionRule, StructureKind,
};
use maillage_territory::Fte;
use std::collections::BTreeSet;

/// Share of the activity of a GP beyond which telemedicine is unusual.
const TELEMEDICINE_PERCENT: u8 = 20;

/// Whether a type has no team that stands alone.
fn depends(kind: StructureKind) -> bool {
    matches!(kind, StructureKind::Satellite | StructureKind::Outreach | StructureKind::Telemedicine)
}

impl Loader<'_, '_> {
    pub(super) fn professions(&self) -> Vec<Profession> {
        let one = |p: &super::file_types::ProfessionFile| Profession {
            id: p.id.to_string(),
            name: p.name.clone(),
            rank: p.rank,
        };
        self.file.professions.iter().map(one).collect()
    }

    pub(super) fn rank(&self, profession: ProfessionIx) -> Rank {
        self.file.professions[usize::from(profession.0)].rank
    }

    pub(super) fn types(&mut self) -> Vec<HealthType> {
        let file = self.file;
        let all = file.structure_types.iter().enumerate();
        all.map(|(i, t)| self.structure_type(t, &format!("/problem/structure_types/{i}"))).collect()
    }

    fn structure_type(&mut self, file: &TypeFile, pointer: &str) -> HealthType {
        let posts = self.posts(file, pointer);
        let rooms = match file.rooms {
            Some(rooms) => self.hundredths(rooms, &format!("{pointer}/rooms")),
            None => rooms_of(&posts, |p| p.most).div_ceil(100) as u32,
        };
        let lead = file.lead.as_ref().map(|l| self.lead(l, &format!("{pointer}/lead")));
        let sessions =
            file.sessions.as_ref().map(|s| self.sessions(file.kind, s, &format!("{pointer}/sessions")));
        let kind = HealthType {
            id: file.id.clone(),
            name: file.name.clone(),
            kind: file.kind,
            posts,
            rooms,
            area_m2: file.area_m2,
            hours_week: file.hours_per_week,
            unscheduled_week: file.unscheduled_per_gp_week,
            capital: euros(file.capital_eur),
            yearly: euros(file.running_eur_per_year),
            income: euros(file.income_eur_per_year),
            lead,
            sessions,
            attracts: self.adds(&file.attracts, &format!("{pointer}/attracts")),
            interns: file.interns,
        };
        self.team(&kind, pointer);
        self.dependence(&kind, pointer);
        kind
    }

    fn posts(&mut self, file: &TypeFile, pointer: &str) -> Vec<PostKind> {
        let mut seen = BTreeSet::new();
        let mut out = Vec::new();
        for (i, post) in file.posts.iter().enumerate() {
            let pointer = format!("{pointer}/posts/{i}");
            let Some(profession) =
                self.profession_ix(post.profession.as_str(), &format!("{pointer}/profession"))
            else {
                continue;
            };
            if !seen.insert((profession, post.mode)) {
                self.base.duplicate(&pointer, post.profession.as_str());
            }
            // Secretaries and assistants of a self-employed team are its employees.
            let carer = self.rank(profession) != Rank::Support;
            let team = matches!(file.kind, StructureKind::Msp | StructureKind::Pole);
            if carer && team && post.mode == Mode::Salaried {
                self.base.error(
                    Code::Contradiction,
                    &format!("{pointer}/mode"),
                    Text::new(
                        "poste de soignant salarié hors d'un centre ou d'un site qui en dépend",
                        "salaried post of a carer outside a centre or a site led by one",
                    ),
                    "salaried",
                    Text::new(
                        "self-employed, ou un autre type de structure",
                        "self-employed, or another type of structure",
                    ),
                );
            }
            out.push(self.post(post, profession, &pointer));
        }
        out
    }

    fn post(&mut self, file: &PostFile, profession: ProfessionIx, pointer: &str) -> PostKind {
        let gp = self.rank(profession) == Rank::Gp;
        if gp && file.list_people.is_none() {
            self.base.error(
                Code::MissingKey,
                pointer,
                Text::new("il manque la clé « list_people »", "key `list_people` is missing"),
                file.profession.as_str(),
                Text::new(
                    "dire combien de patients suit un médecin installé (0 s'il n'en suit pas)",
                    "say how many people a mature GP has on the list (0 if none)",
                ),
            );
        }
        let supply = self.base.file.supply.map_or(0, |s| s.acts_per_gp);
        PostKind {
            profession,
            mode: file.mode,
            step: self.fte(file.step_fte, &format!("{pointer}/step_fte")),
            least: self.fte(file.min_fte, &format!("{pointer}/min_fte")),
            most: self.fte(file.max_fte, &format!("{pointer}/max_fte")),
            rooms: self.hundredths(file.rooms, &format!("{pointer}/rooms")),
            list: file.list_people.unwrap_or(0),
            acts: file.acts_per_year.unwrap_or(if gp { supply } else { 0 }),
            ramp: file.ramp_percent.clone(),
            attrition_percent: file.attrition_percent,
            capital: euros(file.equipment_eur),
            yearly: euros(file.cost_eur_per_year),
            income: euros(file.income_eur_per_year),
        }
    }

    fn lead(&mut self, file: &LeadFile, pointer: &str) -> LeadRule {
        if file.types.is_empty() && !file.practices {
            self.base.error(
                Code::MissingKey,
                pointer,
                Text::new("rien ne peut diriger ce site", "nothing can lead this site"),
                "",
                Text::new("compléter « types » ou « practices »", "fill in `types` or `practices`"),
            );
        }
        for (i, id) in file.types.iter().enumerate() {
            let lead = self.file.structure_types.iter().find(|t| t.id == *id);
            if lead.is_some_and(|t| t.lead.is_some()) {
                self.base.error(
                    Code::Contradiction,
                    &format!("{pointer}/types/{i}"),
                    Text::new("ce type dépend lui-même d'un autre", "this type depends on another itself"),
                    id.as_str(),
                    Text::new("donner un type qui se suffit", "give a type that stands alone"),
                );
            }
        }
        LeadRule {
            types: self.type_set(&file.types, &format!("{pointer}/types")),
            practices: file.practices,
            within: self.time(file.within_min, &format!("{pointer}/within_min")),
        }
    }

    fn sessions(&mut self, kind: StructureKind, file: &SessionsFile, pointer: &str) -> SessionRule {
        let usual = if kind == StructureKind::Telemedicine { TELEMEDICINE_PERCENT } else { 100 };
        let most_percent = file.max_lead_percent.unwrap_or(usual);
        if most_percent > usual {
            self.base.warning(
                Code::Unusual,
                &format!("{pointer}/max_lead_percent"),
                Text::new(
                    format!("plus de {usual} % de l'activité d'un médecin à distance : au-delà du plafond conventionnel"),
                    format!("more than {usual} % of the activity of a GP at a distance: beyond the ceiling of the agreement"),
                ),
                Text::new(format!("au plus {usual}"), format!("at most {usual}")),
            );
        }
        SessionRule {
            most: file.max_per_week,
            list: file.list_people,
            lead_list: file.lead_list_people.unwrap_or(file.list_people),
            acts: file.acts_per_year,
            lead_acts: file.lead_acts_per_year.unwrap_or(file.acts_per_year),
            most_percent,
        }
    }

    pub(super) fn adds(&mut self, files: &[AddFile], pointer: &str) -> Vec<(PoolIx, Fte)> {
        let names = self.names;
        let mut out = Vec::new();
        for (i, add) in files.iter().enumerate() {
            let pool = self.named(&names.pools, &add.pool, &format!("{pointer}/{i}/pool"));
            let fte = self.fte(add.fte_per_year, &format!("{pointer}/{i}/fte_per_year"));
            out.extend(pool.map(|pool| (pool, fte)));
        }
        out
    }

    /// That a team fits its posts, its rooms and the law.
    fn team(&mut self, kind: &HealthType, pointer: &str) {
        for (i, post) in kind.posts.iter().enumerate() {
            let pointer = format!("{pointer}/posts/{i}/min_fte");
            self.at_most(opened(post), post.most, &pointer, "min_fte ≤ max_fte");
        }
        let needed = rooms_of(&kind.posts, opened);
        if needed > 100 * u64::from(kind.rooms) {
            let rooms = |h: u64| Fte::from_hundredths(u32::try_from(h).unwrap_or(u32::MAX)).to_string();
            self.base.error(
                Code::Contradiction,
                &format!("{pointer}/rooms"),
                Text::new("l'équipe minimale dépasse les locaux", "the team minimum is beyond the rooms"),
                &format!("{} > {}", rooms(needed.div_ceil(100)), rooms(u64::from(kind.rooms))),
                Text::new("plus de locaux, ou une équipe plus petite", "more rooms, or a smaller team"),
            );
        }
        let least = |rank| -> u32 {
            let of = kind.posts.iter().filter(|p| self.rank(p.profession) == rank);
            of.map(|p| p.least.hundredths()).sum()
        };
        if kind.kind == StructureKind::Msp && (least(Rank::Gp) < 200 || least(Rank::Carer) < 100) {
            self.base.error(
                Code::OutOfRange,
                &format!("{pointer}/posts"),
                Text::new(
                    "une MSP compte au moins 2 médecins généralistes et 1 autre soignant (CSP L6323-3)",
                    "an MSP has at least 2 GPs and 1 other carer (CSP L6323-3)",
                ),
                "",
                Text::new(
                    "min_fte ≥ 2 pour les postes de rang « gp », ≥ 1 pour ceux de rang « carer », ou un autre type",
                    "min_fte ≥ 2 for posts of rank `gp`, ≥ 1 for those of rank `carer`, or another kind",
                ),
            );
        }
        if kind.kind == StructureKind::Pole && kind.area_m2 > 0 {
            self.base.warning(
                Code::Unusual,
                pointer,
                Text::new("un pôle n'a pas de locaux à lui", "a pôle has no premises of its own"),
                Text::new("area_m2 à 0, ou un autre type", "area_m2 of 0, or another kind"),
            );
        }
    }

    /// That a type which stands on others has what it needs of them.
    fn dependence(&mut self, kind: &HealthType, pointer: &str) {
        let mut missing = |key: &str, fr: &str, en: &str| {
            self.base.error(
                Code::MissingKey,
                pointer,
                Text::new(
                    format!("{fr} : il manque la clé « {key} »"),
                    format!("{en}: key `{key}` is missing"),
                ),
                kind.id.as_str(),
                Text::new(format!("ajouter « {key} »"), format!("add `{key}`")),
            );
        };
        if depends(kind.kind) && kind.lead.is_none() {
            missing("lead", "ce type dépend d'un autre", "this kind depends on another");
        }
        if kind.kind == StructureKind::Telemedicine && kind.sessions.is_none() {
            missing(
                "sessions",
                "une salle de télémédecine vit de vacations",
                "a telemedicine room lives on sessions",
            );
        }
        if !depends(kind.kind) && kind.sessions.is_some() && kind.lead.is_none() {
            missing("lead", "des vacations viennent d'un autre site", "sessions come from another site");
        }
    }
}

/// The team minimum as it can be opened: a whole number of steps.
fn opened(post: &PostKind) -> Fte {
    let step = post.step.hundredths().max(1);
    Fte::from_hundredths(post.least.hundredths().div_ceil(step) * step)
}

/// Rooms that some number of every post takes, in ten-thousandths.
fn rooms_of(posts: &[PostKind], fte: impl Fn(&PostKind) -> Fte) -> u64 {
    posts.iter().map(|p| u64::from(p.rooms) * u64::from(fte(p).hundredths())).sum()
}
