//! A scenario file and its territory, validated, as a task.

use crate::file::{CandidatesFile, Keep, PlaceSet, Places, ProblemFile, ScenarioFile, SupplyFile};
use crate::granted::{assumptions, in_scope};
use crate::health;
use crate::suite::load_suite;
use crate::territories::Territories;
use crate::versions::SCENARIO;
use maillage_input::{
    Code, Document, InputFile, InputRecord, MAX_JSON_BYTES, Problem, Problems, Text, relative,
};
use maillage_programme::{LocationProblem, LocationTask, Role, Site, SiteIx, Task};
use maillage_territory::{Fte, Minutes, Persons, Place, PlaceId, PlaceIx, SiteId, Territory};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A scenario ready to solve.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// Path of the scenario file.
    pub path: PathBuf,
    /// The file as read.
    pub file: ScenarioFile,
    /// The territory.
    pub territory: Arc<Territory>,
    /// What is to be solved.
    pub task: Task,
    /// Every file that was read, by paths relative to the scenario's folder.
    pub inputs: Vec<InputRecord>,
    /// Assumptions of the scenario and of its data.
    pub assumptions: Vec<Text>,
    /// Where each forced or committed site stands in the file.
    pub(crate) forced: BTreeMap<SiteIx, String>,
}

/// Reads and validates a scenario file and all it names. Returns it with its warnings.
///
/// # Errors
/// All problems of all files together.
pub fn load(path: &Path) -> Result<(Loaded, Problems), Problems> {
    load_sharing(path, &Territories::default())
}

/// The same with territories that other scenarios read before.
///
/// # Errors
/// As [`load`].
pub(crate) fn load_sharing(path: &Path, known: &Territories) -> Result<(Loaded, Problems), Problems> {
    let input = InputFile::read(path, MAX_JSON_BYTES)?;
    load_document(&Document::new(&input)?.current(&SCENARIO)?, path, input.record, known)
}

/// The same from a scenario that was read, or made, as the file `path`.
pub(crate) fn load_document(
    doc: &Document,
    path: &Path,
    record: InputRecord,
    known: &Territories,
) -> Result<(Loaded, Problems), Problems> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let file: ScenarioFile = match doc.decode() {
        Ok(file) => file,
        Err(mut bad) => {
            // The territory is read all the same: all problems come at once.
            let value: serde_json::Value = serde_json::from_str(doc.text()).unwrap_or_default();
            if let Some(named) = value["territory"].as_str()
                && let Err(worse) = known.read(&folder.join(named), 100)
            {
                bad.extend(worse);
            }
            return Err(bad);
        }
    };
    let (territory, mut problems) = known.read(&folder.join(&file.territory), file.travel_times_percent)?;
    let mut builder = Builder { doc, file: &file, territory: &territory, problems: Problems::new() };
    let (task, forced) = builder.task();
    problems.extend(builder.problems);
    problems.or_value(()).map(|((), warnings)| {
        let mut inputs = vec![record];
        inputs.extend(territory.inputs.iter().cloned());
        for record in &mut inputs {
            record.path = relative(Path::new(&record.path), folder);
        }
        let assumptions = assumptions(&file, &territory, &task);
        let loaded = Loaded { path: path.to_owned(), file, territory, task, inputs, assumptions, forced };
        (loaded, warnings.sorted())
    })
}

/// The same scenario with a change to what its file says; `None` where that makes it invalid.
pub(crate) fn changed(loaded: &Loaded, change: impl FnOnce(&mut ScenarioFile)) -> Option<Loaded> {
    let mut file = loaded.file.clone();
    change(&mut file);
    // Problems have no place in a file that was not written.
    let doc = Document::parse("", "{}").ok()?;
    let mut builder =
        Builder { doc: &doc, file: &file, territory: &loaded.territory, problems: Problems::new() };
    let (task, forced) = builder.task();
    let valid = !builder.problems.has_errors();
    valid.then(|| Loaded { task, forced, file, ..loaded.clone() })
}

/// Checks a scenario, a suite, a territory, a speed profile or a file of settings of measures, whichever it is, without solving.
/// Returns the warnings.
///
/// # Errors
/// All problems.
pub fn validate(path: &Path) -> Result<Problems, Problems> {
    let input = InputFile::read(path, MAX_JSON_BYTES)?;
    let document = Document::new(&input)?;
    let value: serde_json::Value = serde_json::from_str(document.text()).unwrap_or_default();
    if value.get("territory").is_none() && value.get("roads").is_some() {
        return maillage_travel::profile::Profile::decode(&document).map(|_| Problems::new());
    }
    if value.get("problem").is_none() && value.get("places").is_some() {
        return Territory::read(path).map(|(_, warnings)| warnings.sorted());
    }
    if value.get("territory").is_none() && value.get("base").is_some() {
        return load_suite(path)?.validate();
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

/// What a loader needs: the file, the territory, and where to put problems.
pub(crate) struct Builder<'a> {
    pub(crate) doc: &'a Document,
    pub(crate) file: &'a ScenarioFile,
    pub(crate) territory: &'a Territory,
    pub(crate) problems: Problems,
}

impl<'a> Builder<'a> {
    /// What is to be solved, and where each forced or committed site stands in the file.
    fn task(&mut self) -> (Task, BTreeMap<SiteIx, String>) {
        let people = self.people();
        let file: &'a ScenarioFile = self.file;
        match &file.problem {
            ProblemFile::Siting(siting) => self.siting(siting, people),
            ProblemFile::Programme(programme) => {
                let (health, committed) = health::load(self, programme, people);
                (Task::Health(Box::new(health)), committed)
            }
            plain => (self.location(plain, people), BTreeMap::new()),
        }
    }
}

impl Builder<'_> {
    /// The supply of today, or a problem; a warning where no place has any.
    pub(crate) fn supply(&mut self) -> Option<SupplyFile> {
        if self.file.supply.is_none() {
            self.error(
                Code::MissingKey,
                "",
                Text::new("il manque la clé « supply »", "key `supply` is missing"),
                "",
                Text::new("décrire l'offre actuelle", "describe the supply of today"),
            );
        }
        if self.territory.places.iter().all(|p| p.gps.is_none()) {
            self.warning(
                Code::NoSupply,
                "/territory",
                Text::new(
                    "aucun lieu n'a de nombre de médecins connu : aucun cabinet n'est compté",
                    "no place has a known number of GPs: no practice is counted",
                ),
                Text::new(
                    "compléter la colonne « gps » de la table des lieux",
                    "fill in the column `gps` of the table of places",
                ),
            );
        }
        self.file.supply
    }

    pub(crate) fn warning(&mut self, code: Code, pointer: &str, cause: Text, remedy: Text) {
        self.problems.push(Problem::warning(code, cause).at(self.doc.place(pointer)).remedy(remedy));
    }

    pub(crate) fn no_candidate(&mut self, pointer: &str) {
        self.warning(
            Code::NoCandidate,
            pointer,
            Text::new("aucun lieu ou aucun type candidat", "no candidate place or type"),
            Text::new(
                "élargir « places », « types » ou « min_population »",
                "widen `places`, `types` or `min_population`",
            ),
        );
    }

    pub(crate) fn error(&mut self, code: Code, pointer: &str, cause: Text, value: &str, remedy: Text) {
        let mut problem = Problem::error(code, cause).at(self.doc.place(pointer)).remedy(remedy);
        if !value.is_empty() {
            problem = problem.value(value);
        }
        self.problems.push(problem);
    }

    pub(crate) fn in_scope(&self, place: &Place) -> bool {
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
    pub(crate) fn place(&mut self, id: &PlaceId, pointer: &str) -> Option<PlaceIx> {
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

    pub(crate) fn minutes(&mut self, value: f64, pointer: &str) -> Minutes {
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
    pub(crate) fn candidates(&mut self, file: &CandidatesFile, pointer: &str) -> BTreeSet<PlaceIx> {
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

    pub(crate) fn practices(&self) -> Vec<(PlaceIx, Fte)> {
        let leaving = self.file.supply.map_or(0, |s| s.departures_percent);
        self.territory
            .iter()
            .filter(|(_, p)| self.in_scope(p))
            .filter_map(|(ix, p)| p.gps.map(|g| (ix, g.less_percent(leaving))))
            .filter(|(_, g)| *g > Fte::whole(0))
            .collect()
    }

    pub(crate) fn site(&self, prefix: &str, place: PlaceIx, role: Role) -> Option<Site> {
        let id = SiteId::new(&format!("{prefix}-{}", self.territory.place(place).id)).ok()?;
        Some(Site { id, place, role })
    }

    pub(crate) fn duplicate(&mut self, pointer: &str, value: &str) {
        self.error(
            Code::DuplicateId,
            pointer,
            Text::new("défini deux fois", "defined twice"),
            value,
            Text::new("n'en garder qu'un", "keep one of them"),
        );
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
            ProblemFile::Siting(_) | ProblemFile::Programme(_) => unreachable!("these have their own paths"),
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
