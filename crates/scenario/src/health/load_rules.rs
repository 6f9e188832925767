//! Rules and goals of a health programme.

use super::file_rules::{Counted, GoalFile, GoalWord, RuleFile, StepFile, TermFile};
use super::load::Loader;
use super::places::has_areas;
use maillage_input::{Code, Text};
use maillage_programme::SiteIx;
use maillage_programme::health::{CountWhat, GoalTerm, HealthGoal, HealthRule, Seek};
use maillage_territory::SiteId;
use std::collections::BTreeMap;

impl Loader<'_, '_> {
    pub(super) fn rules(&mut self, ids: &BTreeMap<&str, SiteIx>) -> Vec<HealthRule> {
        let rules = self.file.rules.iter().enumerate();
        rules.map(|(i, rule)| self.rule(rule, ids, &format!("/problem/rules/{i}"))).collect()
    }

    fn rule(&mut self, file: &RuleFile, ids: &BTreeMap<&str, SiteIx>, pointer: &str) -> HealthRule {
        let at = |key: &str| format!("{pointer}/{key}");
        match file {
            RuleFile::Count { places, types, what, min, max, from_year, to_year } => {
                self.limits(*min, *max, pointer, ["min", "max"]);
                HealthRule::Count {
                    places: self.places(places, &at("where")),
                    types: self.type_set(types, &at("types")),
                    what: match what {
                        Counted::Open => CountWhat::Open,
                        Counted::New => CountWhat::New,
                        Counted::Opening => CountWhat::Opening,
                        Counted::Interns => CountWhat::Interns,
                    },
                    least: *min,
                    most: *max,
                    years: self.period(*from_year, *to_year, pointer),
                }
            }
            RuleFile::Exclusive { sites, max } => {
                HealthRule::Exclusive { sites: self.site_set(sites, ids, &at("sites")), most: *max }
            }
            RuleFile::Spacing { types, apart_min } => HealthRule::Spacing {
                types: self.type_set(types, &at("types")),
                least: self.time(*apart_min, &at("apart_min")),
            },
            RuleFile::Coverage { places, types, practices, within_min, min_percent, from_year, to_year } => {
                HealthRule::Coverage {
                    places: self.places(places, &at("where")),
                    types: self.type_set(types, &at("types")),
                    practices: *practices,
                    within: self.time(*within_min, &at("within_min")),
                    percent: *min_percent,
                    years: self.period(*from_year, *to_year, pointer),
                }
            }
            RuleFile::Posts { places, types, professions, min_fte, max_fte, from_year, to_year } => {
                self.limits(*min_fte, *max_fte, pointer, ["min_fte", "max_fte"]);
                HealthRule::Posts {
                    places: self.places(places, &at("where")),
                    types: self.type_set(types, &at("types")),
                    professions: self.profession_set(professions, &at("professions")),
                    least: min_fte.map(|x| self.hundredths(x, &at("min_fte"))),
                    most: max_fte.map(|x| self.hundredths(x, &at("max_fte"))),
                    years: self.period(*from_year, *to_year, pointer),
                }
            }
            RuleFile::Ratio { types, of, per, min, max } => {
                self.limits(*min, *max, pointer, ["min", "max"]);
                HealthRule::Ratio {
                    types: self.type_set(types, &at("types")),
                    of: self.profession_set(of, &at("of")),
                    per: self.profession_set(per, &at("per")),
                    least: min.map(|x| self.hundredths(x, &at("min"))),
                    most: max.map(|x| self.hundredths(x, &at("max"))),
                }
            }
            RuleFile::Attached { places, min_percent, from_year, to_year } => HealthRule::Attached {
                places: self.places(places, &at("where")),
                percent: *min_percent,
                years: self.period(*from_year, *to_year, pointer),
            },
        }
    }

    /// That a rule has a limit, and its limits leave something.
    fn limits<T: PartialOrd + std::fmt::Display>(
        &mut self,
        least: Option<T>,
        most: Option<T>,
        pointer: &str,
        [min, max]: [&str; 2],
    ) {
        match (least, most) {
            (None, None) => self.base.error(
                Code::MissingKey,
                pointer,
                Text::new("règle sans minimum ni maximum", "rule with neither minimum nor maximum"),
                "",
                Text::new(format!("ajouter « {min} » ou « {max} »"), format!("add `{min}` or `{max}`")),
            ),
            (Some(least), Some(most)) => {
                self.at_most(least, most, &format!("{pointer}/{min}"), &format!("{min} ≤ {max}"));
            }
            _ => {}
        }
    }

    fn site_set(&mut self, sites: &[SiteId], ids: &BTreeMap<&str, SiteIx>, pointer: &str) -> Vec<SiteIx> {
        let mut out = Vec::new();
        for (i, id) in sites.iter().enumerate() {
            out.extend(self.named(ids, id.as_str(), &format!("{pointer}/{i}")));
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    pub(super) fn goals(&mut self) -> Vec<Seek> {
        let mut out: Vec<Seek> = Vec::new();
        for (i, file) in self.file.goals.iter().enumerate() {
            let pointer = format!("/problem/goals/{i}");
            let seek = match file {
                GoalFile::Named(word) => self.single(&TermFile::of(*word), 0.0, &pointer),
                GoalFile::Step(step) => self.step(step, &pointer),
            };
            let Some(seek) = seek else { continue };
            if out.iter().any(|s| s.terms == seek.terms) {
                self.base.duplicate(&pointer, &seek.name());
            }
            out.push(seek);
        }
        out
    }

    fn single(&mut self, term: &TermFile, tolerance: f64, pointer: &str) -> Option<Seek> {
        let goal = self.goal(term, pointer)?;
        let tolerance_bp = self.hundredths(tolerance, &format!("{pointer}/tolerance_percent"));
        Some(Seek { terms: vec![GoalTerm { weight: 1, goal }], tolerance_bp })
    }

    fn step(&mut self, file: &StepFile, pointer: &str) -> Option<Seek> {
        match (&file.goal, &file.sum) {
            (Some(goal), None) => {
                let StepFile { within_min, floor_apl, area, .. } = *file;
                let term = TermFile { goal: *goal, weight: 1, within_min, floor_apl, area };
                self.single(&term, file.tolerance_percent, pointer)
            }
            (None, Some(sum)) => {
                if file.within_min.is_some() || file.floor_apl.is_some() || file.area.is_some() {
                    self.base.error(
                        Code::Contradiction,
                        pointer,
                        Text::new("réglage d'un but posé sur une somme", "setting of a goal put on a sum"),
                        "",
                        Text::new("le mettre dans « sum »", "put it in `sum`"),
                    );
                }
                let mut terms: Vec<GoalTerm> = Vec::new();
                for (i, term) in sum.iter().enumerate() {
                    let pointer = format!("{pointer}/sum/{i}");
                    let Some(goal) = self.goal(term, &pointer) else { continue };
                    if terms.iter().any(|t| t.goal == goal) {
                        self.base.duplicate(&pointer, &goal.name());
                    }
                    terms.push(GoalTerm { weight: term.weight, goal });
                }
                let tolerance_bp =
                    self.hundredths(file.tolerance_percent, &format!("{pointer}/tolerance_percent"));
                (terms.len() == sum.len()).then_some(Seek { terms, tolerance_bp })
            }
            _ => {
                self.base.error(
                    Code::Contradiction,
                    pointer,
                    Text::new(
                        "un but a « goal » ou « sum », pas les deux",
                        "a goal has `goal` or `sum`, not both",
                    ),
                    "",
                    Text::new("donner l'un ou l'autre", "give one or the other"),
                );
                None
            }
        }
    }

    /// A goal with what it needs, and nothing it has no use for.
    fn goal(&mut self, file: &TermFile, pointer: &str) -> Option<HealthGoal> {
        let wants = match file.goal {
            GoalWord::PeopleWithin => "within_min",
            GoalWord::PeopleUnderApl => "floor_apl",
            GoalWord::Balance => "area",
            _ => "",
        };
        let given = [
            ("within_min", file.within_min.is_some()),
            ("floor_apl", file.floor_apl.is_some()),
            ("area", file.area.is_some()),
        ];
        for (key, is) in given {
            if is != (key == wants) {
                self.setting(key, is, pointer);
            }
        }
        let at = |key: &str| format!("{pointer}/{key}");
        Some(match file.goal {
            GoalWord::PeopleAttached => HealthGoal::PeopleAttached,
            GoalWord::PeopleWithin => {
                HealthGoal::PeopleWithin(self.time(file.within_min?, &at("within_min")))
            }
            GoalWord::TravelTime => HealthGoal::TravelTime,
            GoalWord::AplWorstTenth => {
                self.needs_access(pointer);
                HealthGoal::AplWorstTenth
            }
            GoalWord::PeopleUnderApl => {
                self.needs_access(pointer);
                HealthGoal::PeopleUnderApl(self.hundredths(file.floor_apl?, &at("floor_apl")))
            }
            GoalWord::Cost => HealthGoal::Cost,
            GoalWord::Sites => HealthGoal::Sites,
            GoalWord::Balance => {
                let kind = file.area?;
                if !has_areas(self.base.territory, kind) {
                    self.base.error(
                        Code::UnknownId,
                        &at("area"),
                        Text::new(
                            "aucun lieu n'a de zone de cette sorte",
                            "no place has an area of this kind",
                        ),
                        kind.as_str(),
                        Text::new("compléter la table des lieux", "fill in the table of places"),
                    );
                }
                HealthGoal::Balance(kind)
            }
            GoalWord::PeopleNearDuty => {
                if self.file.duty.is_none() {
                    self.base.error(
                        Code::MissingKey,
                        pointer,
                        Text::new(
                            "il manque la clé « duty » du problème",
                            "key `duty` of the problem is missing",
                        ),
                        "people-near-duty",
                        Text::new("décrire la permanence des soins", "describe duty"),
                    );
                }
                HealthGoal::PeopleNearDuty
            }
        })
    }

    fn setting(&mut self, key: &str, given: bool, pointer: &str) {
        let (code, fr, en, fr_do, en_do) = if given {
            (Code::Contradiction, "ce but n'a que faire de", "this goal has no use for", "ôter", "drop")
        } else {
            (Code::MissingKey, "il manque à ce but la clé", "this goal lacks the key", "ajouter", "add")
        };
        self.base.error(
            code,
            pointer,
            Text::new(format!("{fr} « {key} »"), format!("{en} `{key}`")),
            "",
            Text::new(format!("{fr_do} « {key} »"), format!("{en_do} `{key}`")),
        );
    }

    fn needs_access(&mut self, pointer: &str) {
        if self.access.is_none() {
            self.no_access(pointer);
        }
    }
}

impl TermFile {
    fn of(goal: GoalWord) -> TermFile {
        TermFile { goal, weight: 1, within_min: None, floor_apl: None, area: None }
    }
}
