//! A scenario file and its territory, validated, as a task.

use crate::file::{CandidatesFile, Keep, PlaceSet, Places, ProblemFile, ScenarioFile, SitingFile};
use crate::granted::{accessibility, assumptions, in_scope};
use maillage_input::{
    Code, Document, InputFile, InputRecord, MAX_JSON_BYTES, Problem, Problems, Text, relative,
};
use maillage_programme::{
    Goal, Limits, LocationProblem, LocationTask, Programme, Role, Site, SiteIx, StructureForm, StructureType,
    Task, TypeIx,
};
use maillage_territory::{Fte, Minutes, Persons, Place, PlaceId, PlaceIx, SiteId, Territory, TypeId};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A scenario ready to solve.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// Path of the scenario file.
    pub path: PathBuf,
    /// The file as read.
    pub file: ScenarioFile,
    /// The territory.
    pub territory: Territory,
    /// What is to be solved.
    pub task: Task,
    /// Every file that was read, by paths relative to the scenario's folder.
    pub inputs: Vec<InputRecord>,
    /// Assumptions of the scenario and of its data.
    pub assumptions: Vec<Text>,
    /// Where each forced site stands in the file.
    pub(crate) forced: BTreeMap<SiteIx, String>,
}

/// Reads and validates a scenario file and all it names. Returns it with its warnings.
///
/// # Errors
/// All problems of all files together.
pub fn load(path: &Path) -> Result<(Loaded, Problems), Problems> {
    let input = InputFile::read(path, MAX_JSON_BYTES)?;
    let doc = Document::new(&input)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let file: ScenarioFile = match doc.decode() {
        Ok(file) => file,
        Err(mut bad) => {
            // The territory is read all the same: all problems come at once.
            let value: serde_json::Value = serde_json::from_str(doc.text()).unwrap_or_default();
            if let Some(named) = value["territory"].as_str()
                && let Err(worse) = Territory::read(&folder.join(named))
            {
                bad.extend(worse);
            }
            return Err(bad);
        }
    };
    let (territory, mut problems) = Territory::read(&folder.join(&file.territory))?;
    let mut builder = Builder { doc: &doc, file: &file, territory: &territory, problems: Problems::new() };
    let people = builder.people();
    let (task, forced) = match &file.problem {
        ProblemFile::Siting(siting) => builder.siting(siting, people),
        plain => (builder.location(plain, people), BTreeMap::new()),
    };
    problems.extend(builder.problems);
    problems.or_value(()).map(|((), warnings)| {
        let mut inputs = vec![input.record];
        inputs.extend(territory.inputs.iter().cloned());
        for record in &mut inputs {
            record.path = relative(Path::new(&record.path), folder);
        }
        let assumptions = assumptions(&file, &territory);
        let loaded = Loaded { path: path.to_owned(), file, territory, task, inputs, assumptions, forced };
        (loaded, warnings.sorted())
    })
}

/// Checks a scenario, a territory or a file of settings of measures, whichever it is, without solving. Returns the warnings.
///
/// # Errors
/// All problems.
pub fn validate(path: &Path) -> Result<Problems, Problems> {
    let input = InputFile::read(path, MAX_JSON_BYTES)?;
    let value: serde_json::Value = serde_json::from_str(Document::new(&input)?.text()).unwrap_or_default();
    if value.get("problem").is_none() && value.get("places").is_some() {
        return Territory::read(path).map(|(_, warnings)| warnings.sorted());
    }
    // Settings of measures have no key that must be there: what is no scenario and has one of theirs is such a file.
    let measures = [
        "catchments",
        "thresholds",
        "least_change",
        "coverage",
        "compare",
        "zoning",
        "continuity",
        "trajectory",
    ];
    if value.get("territory").is_none() && measures.iter().any(|key| value.get(key).is_some()) {
        return crate::access::read_settings(path).map(|_| Problems::new());
    }
    load(path).map(|(_, warnings)| warnings)
}

struct Builder<'a> {
    doc: &'a Document,
    file: &'a ScenarioFile,
    territory: &'a Territory,
    problems: Problems,
}

impl Builder<'_> {
    fn error(&mut self, code: Code, pointer: &str, cause: Text, value: &str, remedy: Text) {
        let mut problem = Problem::error(code, cause).at(self.doc.place(pointer)).remedy(remedy);
        if !value.is_empty() {
            problem = problem.value(value);
        }
        self.problems.push(problem);
    }

    fn in_scope(&self, place: &Place) -> bool {
        in_scope(self.file, place)
    }

    fn people(&self) -> Vec<Persons> {
        let percent = u64::from(self.file.people.attachable_percent);
        self.territory
            .places
            .iter()
            .map(
                |p| {
                    if self.in_scope(p) { Persons((p.population.0 * percent + 50) / 100) } else { Persons(0) }
                },
            )
            .collect()
    }

    /// A place in scope, or a problem.
    fn place(&mut self, id: &PlaceId, pointer: &str) -> Option<PlaceIx> {
        let found = self.territory.ix(id).filter(|&ix| self.in_scope(self.territory.place(ix)));
        if found.is_none() {
            self.error(
                Code::UnknownPlace,
                pointer,
                Text::new(
                    "lieu absent du territoire ou hors du périmètre",
                    "place absent from the territory or out of scope",
                ),
                id.as_str(),
                Text::new("donner un code de la table des lieux", "give a code of the table of places"),
            );
        }
        found
    }

    fn minutes(&mut self, value: f64, pointer: &str) -> Minutes {
        let max = self.territory.travel.max();
        match Minutes::round(value).filter(|&m| m <= max) {
            Some(m) => m,
            None => {
                self.error(
                    Code::OutOfRange,
                    pointer,
                    Text::new(
                        format!("au-delà du plus long temps utile du territoire ({max} min)"),
                        format!("beyond the largest useful time of the territory ({max} min)"),
                    ),
                    &value.to_string(),
                    Text::new(
                        "réduire ce temps, ou augmenter « max_min » dans le fichier du territoire",
                        "reduce this time, or raise `max_min` in the territory file",
                    ),
                );
                Minutes::ZERO
            }
        }
    }

    /// Candidate places, sorted and without repetition.
    fn candidates(&mut self, file: &CandidatesFile, pointer: &str) -> BTreeSet<PlaceIx> {
        let chosen: Vec<PlaceIx> = match &file.places {
            Places::Named(set) => self
                .territory
                .iter()
                .filter(|(_, p)| self.in_scope(p) && (*set == PlaceSet::All || p.core))
                .map(|(ix, _)| ix)
                .collect(),
            Places::Codes(codes) => {
                let at = |i| format!("{pointer}/places/{i}");
                codes.iter().enumerate().filter_map(|(i, id)| self.place(id, &at(i))).collect()
            }
        };
        let enough = |ix: &PlaceIx| self.territory.place(*ix).population.0 >= u64::from(file.min_population);
        chosen.into_iter().filter(enough).collect()
    }

    fn practices(&self) -> Vec<(PlaceIx, Fte)> {
        let leaving = self.file.supply.map_or(0, |s| s.departures_percent);
        self.territory
            .iter()
            .filter(|(_, p)| self.in_scope(p))
            .filter_map(|(ix, p)| p.gps.map(|g| (ix, g.less_percent(leaving))))
            .filter(|(_, g)| *g > Fte::whole(0))
            .collect()
    }

    fn site(&self, prefix: &str, place: PlaceIx, role: Role) -> Option<Site> {
        let id = SiteId::new(&format!("{prefix}-{}", self.territory.place(place).id)).ok()?;
        Some(Site { id, place, role })
    }

    fn siting(&mut self, file: &SitingFile, people: Vec<Persons>) -> (Task, BTreeMap<SiteIx, String>) {
        let max_time = self.minutes(file.max_min, "/problem/max_min");
        self.structure_types(&file.structure_types);
        let types: BTreeMap<&TypeId, TypeIx> =
            file.structure_types.iter().zip(0..).map(|(t, i)| (&t.id, TypeIx(i))).collect();
        let mut sites: BTreeMap<SiteId, Site> = BTreeMap::new();

        match self.file.supply {
            Some(supply) => {
                for (place, gps) in self.practices() {
                    let capacity = gps.people_at(supply.patients_per_gp);
                    let site = self.site("practice", place, Role::Practice { gps, capacity });
                    sites.extend(site.map(|s| (s.id.clone(), s)));
                }
            }
            None => self.error(
                Code::MissingKey,
                "",
                Text::new("il manque la clé « supply »", "key `supply` is missing"),
                "",
                Text::new("décrire l'offre actuelle", "describe the supply of today"),
            ),
        }

        if self.territory.places.iter().all(|p| p.gps.is_none()) {
            self.problems.push(
                Problem::warning(
                    Code::NoSupply,
                    Text::new(
                        "aucun lieu n'a de nombre de médecins connu : aucun cabinet n'est compté",
                        "no place has a known number of GPs: no practice is counted",
                    ),
                )
                .at(self.doc.place("/territory"))
                .remedy(Text::new(
                    "compléter la colonne « gps » de la table des lieux",
                    "fill in the column `gps` of the table of places",
                )),
            );
        }
        let mut options: BTreeMap<PlaceIx, (BTreeSet<TypeIx>, Option<String>)> = BTreeMap::new();
        let mut forbidden = BTreeSet::new();
        for (i, id) in file.forbidden.iter().enumerate() {
            forbidden.extend(self.place(id, &format!("/problem/forbidden/{i}")));
        }
        if let Some(candidates) = &file.candidates {
            let pointer = "/problem/candidates";
            let allowed: BTreeSet<TypeIx> = match &candidates.types {
                None => types.values().copied().collect(),
                Some(ids) => {
                    let at = |i| format!("{pointer}/types/{i}");
                    ids.iter().enumerate().filter_map(|(i, id)| self.type_of(&types, id, &at(i))).collect()
                }
            };
            let places = self.candidates(candidates, pointer);
            if places.is_empty() || allowed.is_empty() {
                self.problems.push(
                    Problem::warning(
                        Code::NoCandidate,
                        Text::new("aucun lieu ou aucun type candidat", "no candidate place or type"),
                    )
                    .at(self.doc.place(pointer))
                    .remedy(Text::new(
                        "élargir « places », « types » ou « min_population »",
                        "widen `places`, `types` or `min_population`",
                    )),
                );
            }
            for place in places {
                if !forbidden.contains(&place) && !allowed.is_empty() {
                    options.entry(place).or_insert_with(|| (allowed.clone(), None));
                }
            }
        }
        for (i, forced) in file.forced.iter().enumerate() {
            let pointer = format!("/problem/forced/{i}");
            let Some(place) = self.place(&forced.place, &format!("{pointer}/place")) else { continue };
            if forbidden.contains(&place) {
                self.error(
                    Code::Contradiction,
                    &pointer,
                    Text::new("site à la fois imposé et interdit", "site both forced and forbidden"),
                    forced.place.as_str(),
                    Text::new(
                        "l'ôter de « forced » ou de « forbidden »",
                        "drop it from `forced` or `forbidden`",
                    ),
                );
                continue;
            }
            let kinds: BTreeSet<TypeIx> = match &forced.kind {
                Some(id) => self.type_of(&types, id, &format!("{pointer}/type")).into_iter().collect(),
                None => types.values().copied().collect(),
            };
            if kinds.is_empty() {
                if forced.kind.is_none() {
                    self.error(
                        Code::UnknownId,
                        &pointer,
                        Text::new("aucun type de structure n'est défini", "no structure type is defined"),
                        "",
                        Text::new("compléter « structure_types »", "fill in `structure_types`"),
                    );
                }
                continue;
            }
            if options.get(&place).is_some_and(|(_, at)| at.is_some()) {
                self.duplicate(&pointer, forced.place.as_str());
                continue;
            }
            options.insert(place, (kinds, Some(pointer)));
        }
        let mut forced_at: BTreeMap<SiteId, String> = BTreeMap::new();
        for (place, (kinds, forced)) in options {
            let role = Role::Candidate { types: kinds.into_iter().collect(), forced: forced.is_some() };
            if let Some(site) = self.site("new", place, role) {
                forced_at.extend(forced.map(|pointer| (site.id.clone(), pointer)));
                sites.insert(site.id.clone(), site);
            }
        }
        for (i, extension) in file.extensions.iter().enumerate() {
            let pointer = format!("/problem/extensions/{i}");
            let kind = self.type_of(&types, &extension.kind, &format!("{pointer}/type"));
            let structure = self.territory.structures.iter().find(|s| s.site_id == extension.site);
            let place = structure.and_then(|s| s.place).filter(|&ix| self.in_scope(self.territory.place(ix)));
            let Some(place) = place else {
                self.error(
                    Code::UnknownId,
                    &format!("{pointer}/site"),
                    Text::new("structure absente du territoire", "structure absent from the territory"),
                    extension.site.as_str(),
                    Text::new(
                        "donner un « site_id » de la table des structures",
                        "give a `site_id` of the table of structures",
                    ),
                );
                continue;
            };
            let Some(kind) = kind else { continue };
            let role = Role::Extension { kind, free_rooms: extension.free_rooms };
            let site = Site { id: extension.site.clone(), place, role };
            if sites.insert(extension.site.clone(), site).is_some() {
                self.duplicate(&pointer, extension.site.as_str());
            }
        }
        if file.goals.first() != Some(&Goal::PeopleAttached) || file.goals.len() > 2 || repeated(&file.goals)
        {
            self.error(
                Code::Contradiction,
                "/problem/goals",
                Text::new("ordre des buts inutilisable", "unusable order of goals"),
                "",
                Text::new(
                    "[\"people-attached\"] ou [\"people-attached\", \"travel-time\"]",
                    "[\"people-attached\"] or [\"people-attached\", \"travel-time\"]",
                ),
            );
        }
        let limits = Limits {
            budget: file.limits.budget_eur,
            max_new_sites: file.limits.max_new_sites,
            gp_pool: file.limits.gp_pool,
        };
        let sites: Vec<Site> = sites.into_values().collect();
        let forced = (0..)
            .map(SiteIx)
            .zip(&sites)
            .filter_map(|(ix, s)| forced_at.get(&s.id).map(|pointer| (ix, pointer.clone())))
            .collect();
        let programme = Programme {
            types: file.structure_types.clone(),
            sites,
            people,
            limits,
            max_time,
            goals: file.goals.clone(),
            access: accessibility(self.file, self.territory),
        };
        (Task::Siting(programme), forced)
    }

    fn duplicate(&mut self, pointer: &str, value: &str) {
        self.error(
            Code::DuplicateId,
            pointer,
            Text::new("défini deux fois", "defined twice"),
            value,
            Text::new("n'en garder qu'un", "keep one of them"),
        );
    }

    fn type_of(&mut self, types: &BTreeMap<&TypeId, TypeIx>, id: &TypeId, pointer: &str) -> Option<TypeIx> {
        let found = types.get(id).copied();
        if found.is_none() {
            let names = types.keys().map(|t| t.as_str()).collect::<Vec<_>>().join(", ");
            self.error(
                Code::UnknownId,
                pointer,
                Text::new("type de structure non défini", "structure type not defined"),
                id.as_str(),
                Text::new(format!("types définis : {names}"), format!("types defined: {names}")),
            );
        }
        found
    }

    fn structure_types(&mut self, types: &[StructureType]) {
        let mut seen = BTreeSet::new();
        for (i, t) in types.iter().enumerate() {
            let pointer = format!("/problem/structure_types/{i}");
            if !seen.insert(&t.id) {
                self.duplicate(&format!("{pointer}/id"), t.id.as_str());
            }
            if t.min_gps > t.max_gps {
                self.error(
                    Code::Contradiction,
                    &format!("{pointer}/min_gps"),
                    Text::new("équipe minimale au-delà des bureaux", "minimum team beyond the rooms"),
                    &format!("{} > {}", t.min_gps, t.max_gps),
                    Text::new("min_gps ≤ max_gps", "min_gps ≤ max_gps"),
                );
            }
            if t.form == StructureForm::Msp && t.min_gps < 2 {
                self.error(
                    Code::OutOfRange,
                    &format!("{pointer}/min_gps"),
                    Text::new(
                        "une MSP compte au moins 2 médecins généralistes (CSP L6323-3)",
                        "an MSP has at least 2 GPs (CSP L6323-3)",
                    ),
                    &t.min_gps.to_string(),
                    Text::new("min_gps ≥ 2, ou une autre forme", "min_gps ≥ 2, or another form"),
                );
            }
        }
    }

    fn location(&mut self, file: &ProblemFile, people: Vec<Persons>) -> Task {
        let (candidates, keep, problem) = match file {
            ProblemFile::PMedian { p, candidates, keep } => {
                (candidates, keep, LocationProblem::PMedian { p: *p })
            }
            ProblemFile::MaxCover { p, radius_min, candidates, keep } => {
                let radius = self.minutes(*radius_min, "/problem/radius_min");
                (candidates, keep, LocationProblem::MaxCover { p: *p, radius })
            }
            ProblemFile::SetCover { radius_min, candidates, keep } => {
                let radius = self.minutes(*radius_min, "/problem/radius_min");
                (candidates, keep, LocationProblem::SetCover { radius })
            }
            ProblemFile::PCenter { p, candidates, keep } => {
                (candidates, keep, LocationProblem::PCenter { p: *p })
            }
            ProblemFile::Siting(_) => unreachable!("siting has its own path"),
        };
        if candidates.types.is_some() {
            self.error(
                Code::Contradiction,
                "/problem/candidates/types",
                Text::new(
                    "les types de structure n'ont de sens que pour « siting »",
                    "structure types only make sense for `siting`",
                ),
                "",
                Text::new("ôter « types »", "drop `types`"),
            );
        }
        let kept: BTreeSet<PlaceIx> = match keep {
            Keep::None => BTreeSet::new(),
            Keep::Practices => self.practices().into_iter().map(|(ix, _)| ix).collect(),
        };
        let free: BTreeSet<PlaceIx> = &self.candidates(candidates, "/problem/candidates") - &kept;
        let p = match problem {
            LocationProblem::PMedian { p }
            | LocationProblem::PCenter { p }
            | LocationProblem::MaxCover { p, .. } => p,
            LocationProblem::SetCover { .. } => 0,
        };
        if p as usize > free.len() {
            self.error(
                Code::Contradiction,
                "/problem/p",
                Text::new(
                    format!("plus de sites à ouvrir que de candidats ({})", free.len()),
                    format!("more sites to open than candidates ({})", free.len()),
                ),
                &p.to_string(),
                Text::new("réduire p ou élargir les candidats", "reduce p or widen the candidates"),
            );
        }
        if (free.is_empty() && kept.is_empty()) || people.iter().all(|n| n.0 == 0) {
            self.error(
                Code::NothingToDecide,
                "/problem",
                Text::new(
                    "aucun site possible, ou personne à desservir",
                    "no possible site, or nobody to serve",
                ),
                "",
                Text::new("élargir « candidates » ou « scope »", "widen `candidates` or `scope`"),
            );
        }
        let role = || Role::Candidate { types: Vec::new(), forced: false };
        let kept = kept.into_iter().filter_map(|ix| Some((self.site("practice", ix, role())?, true)));
        let free = free.into_iter().filter_map(|ix| Some((self.site("new", ix, role())?, false)));
        let mut sites: Vec<(Site, bool)> = kept.chain(free).collect();
        sites.sort_by(|a, b| a.0.id.cmp(&b.0.id));
        Task::Location(LocationTask { problem, sites, people })
    }
}

fn repeated(goals: &[Goal]) -> bool {
    goals.iter().collect::<BTreeSet<_>>().len() < goals.len()
}
