//! A pure location problem from a benchmark file or a cost table, solved and checked again.

use crate::folder::{path_from, unwritable};
use crate::run::{Event, RunFailure, RunOptions};
use crate::siting::limit_name;
use crate::{Verdict, machine};
use maillage_check::{Report, Rule, Violation};
use maillage_input::{Code, InputFile, InputRecord, Lang, MAX_TABLE_BYTES, Place, Problem, Problems, Text};
use maillage_location::{
    ClientIx, CostLists, Impossible, Limits, Outcome, ProblemError, Progress, Rules, SiteIx, SolverFailure,
    Status, max_cover, p_center, p_median, read, set_cover,
};
use maillage_programme::{SolverRecord, Status as Claim, seal_of};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Format of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LocateFormat {
    /// OR-Library p-median: a graph, all nodes clients and sites.
    OrlibPmed,
    /// Columns `from_id`, `to_id`, `cost`.
    Csv,
}

/// Which problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LocateProblem {
    /// Exactly p sites, least weighted cost.
    PMedian,
    /// At most p sites, least longest cost.
    PCenter,
    /// At most p sites, most weight within the radius.
    MaxCover,
    /// Fewest sites, everyone within the radius.
    SetCover,
}

/// What to solve and how.
#[derive(Debug, Clone)]
pub struct LocateOptions {
    /// Format of the instance.
    pub format: LocateFormat,
    /// Problem.
    pub problem: LocateProblem,
    /// Number of sites; the instance's when it has one.
    pub p: Option<u32>,
    /// Covering radius, in the units of the costs.
    pub radius: Option<u64>,
    /// Table `id,weight` beside a CSV instance.
    pub weights: Option<PathBuf>,
    /// Limits.
    pub run: RunOptions,
}

/// The result of a pure location problem: what `locate` prints and writes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Located {
    schema_version: u32,
    maillage_version: String,
    instance: String,
    format: LocateFormat,
    problem: LocateProblem,
    p: Option<u32>,
    radius: Option<u64>,
    weights: Option<String>,
    status: Claim,
    limit: Option<String>,
    /// Why, when infeasible.
    reason: Option<Text>,
    objective: Option<u64>,
    bound: Option<u64>,
    gap: Option<f64>,
    cpu_seconds: Option<f64>,
    wall_seconds: f64,
    peak_memory_mb: Option<f64>,
    solver: SolverRecord,
    seed: u32,
    inputs: Vec<InputRecord>,
    open: Vec<String>,
    certificate: Option<serde_json::Value>,
    seal: BTreeMap<String, String>,
}

impl Located {
    /// What is claimed.
    pub fn status(&self) -> Claim {
        self.status
    }

    /// As JSON, sealed.
    pub fn json(&self) -> String {
        let unsealed = serde_json::to_string(self).expect("a result has text keys only");
        let read_back = serde_json::from_str(&unsealed).expect("what was written reads back");
        let sealed = Located { seal: seal_of(&read_back), ..self.clone() };
        let mut text = serde_json::to_string_pretty(&sealed).expect("a result has text keys only");
        text.push('\n');
        text
    }

    /// A few lines for people.
    pub fn summary(&self, lang: Lang) -> String {
        let number = |n: Option<u64>| n.map_or_else(|| "–".to_owned(), |n| n.to_string());
        let gap = self.gap.map_or_else(|| "–".to_owned(), |g| format!("{:.4} %", g * 100.0));
        let gap = if lang == Lang::Fr { gap.replace('.', ",") } else { gap };
        let (objective, bound) = (number(self.objective), number(self.bound));
        let status = self.status.as_str();
        let reason = self.reason.as_ref().map(|r| r.get(lang)).unwrap_or_default();
        let sites = self.open.join(" ");
        match lang {
            Lang::Fr => format!(
                "{}\n  état {status}   objectif {objective}   borne {bound}   écart {gap}\n  sites ouverts ({}) : {sites}\n{reason}",
                self.instance,
                self.open.len()
            ),
            Lang::En => format!(
                "{}\n  status {status}   objective {objective}   bound {bound}   gap {gap}\n  open sites ({}): {sites}\n{reason}",
                self.instance,
                self.open.len()
            ),
        }
    }
}

/// An instance as read.
struct Instance {
    lists: CostLists,
    sites: Vec<String>,
    clients: Vec<String>,
    p: Option<u32>,
    inputs: Vec<InputRecord>,
}

fn open_instance(path: &Path, format: LocateFormat, weights: Option<&Path>) -> Result<Instance, Problems> {
    let file = InputFile::read(path, MAX_TABLE_BYTES)?;
    match format {
        LocateFormat::OrlibPmed => {
            let read = read::orlib_pmed(&file)?;
            let names: Vec<String> = (1..=read.lists.num_sites()).map(|i| i.to_string()).collect();
            Ok(Instance {
                lists: read.lists,
                sites: names.clone(),
                clients: names,
                p: Some(read.p),
                inputs: vec![file.record],
            })
        }
        LocateFormat::Csv => {
            let weights = weights.map(|w| InputFile::read(w, MAX_TABLE_BYTES)).transpose()?;
            let read = read::csv_lists(&file, weights.as_ref())?;
            let inputs = [Some(file.record), weights.map(|w| w.record)].into_iter().flatten().collect();
            Ok(Instance { lists: read.lists, sites: read.sites, clients: read.clients, p: None, inputs })
        }
    }
}

fn missing(option: &str) -> Problem {
    Problem::error(
        Code::MissingKey,
        Text::new(format!("il manque l'option {option}"), format!("option {option} is missing")),
    )
    .remedy(Text::new(format!("ajouter {option} N"), format!("add {option} N")))
}

fn useless(option: &str, fr: &str, en: &str) -> Problem {
    Problem::error(
        Code::Contradiction,
        Text::new(
            format!("l'option {option} ne sert pas {fr}"),
            format!("option {option} is of no use {en}"),
        ),
    )
    .remedy(Text::new(format!("ôter {option}"), format!("drop {option}")))
}

fn unfit(e: ProblemError) -> Problems {
    let fr = match e {
        ProblemError::NoClient => "aucun client".to_owned(),
        ProblemError::NoSiteToOpen => "aucun site à ouvrir : --p vaut 0".to_owned(),
        ProblemError::TooFewAllowed { allowed, p } => {
            format!("{p} sites à ouvrir, mais {allowed} seulement existent")
        }
        other => other.to_string(),
    };
    Problem::error(Code::Contradiction, Text::new(fr, e.to_string()))
        .remedy(Text::new("corriger --p ou l'instance", "mend --p or the instance"))
        .into()
}

/// Solves an instance.
///
/// # Errors
/// Outer: problems of the input. Inner: a failure of the solver.
pub fn locate(
    path: &Path,
    options: &LocateOptions,
    watch: &mut dyn FnMut(&Event),
) -> Result<Result<Located, RunFailure>, Problems> {
    let started = Instant::now();
    let instance = open_instance(path, options.format, options.weights.as_deref())?;
    let lists = &instance.lists;
    let goal = match options.problem {
        LocateProblem::PMedian => "p-median",
        LocateProblem::PCenter => "p-center",
        LocateProblem::MaxCover => "max-cover",
        LocateProblem::SetCover => "set-cover",
    };
    let needs_p = options.problem != LocateProblem::SetCover;
    let p = options.p.or(instance.p).filter(|_| needs_p);
    let needs_radius = matches!(options.problem, LocateProblem::MaxCover | LocateProblem::SetCover);
    let radius = options.radius.filter(|_| needs_radius);
    let mut problems = Problems::new();
    if needs_p && p.is_none() {
        problems.push(missing("--p"));
    }
    if needs_radius && radius.is_none() {
        problems.push(missing("--radius"));
    }
    if options.weights.is_some() && options.format != LocateFormat::Csv {
        problems.push(useless("--weights", "à ce format", "with this format"));
    }
    if options.radius.is_some() && !needs_radius {
        problems.push(useless("--radius", "à ce problème", "in this problem"));
    }
    let ((), _) = problems.or_value(())?;
    let (sites, reach) =
        (p.unwrap_or_default(), u32::try_from(radius.unwrap_or_default()).unwrap_or(u32::MAX));

    let run = &options.run;
    let limits = Limits {
        time: run.time_limit_s.and_then(|s| Duration::try_from_secs_f64(s).ok()),
        rel_gap: run.gap.unwrap_or(0.0),
        threads: run.threads.unwrap_or(1),
        seed: run.seed.unwrap_or(0),
        stop: run.stop.clone(),
        ..Limits::default()
    };
    let mut on = |p: &Progress| {
        watch(&Event {
            goal: goal.to_owned(),
            elapsed: p.elapsed,
            incumbent: p.incumbent,
            bound: p.bound,
            gap: p.gap,
        });
    };
    let none = Rules::default();
    let solved: Result<Outcome, SolverFailure> = match options.problem {
        LocateProblem::PMedian => {
            p_median::solve(&p_median::Problem::new(lists, sites, none).map_err(unfit)?, &limits, &mut on)
        }
        LocateProblem::PCenter => {
            p_center::solve(&p_center::Problem::new(lists, sites, none).map_err(unfit)?, &limits, &mut on)
        }
        LocateProblem::MaxCover => {
            let problem = max_cover::Problem::new(lists, sites, reach, none).map_err(unfit)?;
            max_cover::solve(&problem, &limits, &mut on)
        }
        LocateProblem::SetCover => {
            set_cover::solve(&set_cover::Problem::new(lists, reach, none).map_err(unfit)?, &limits, &mut on)
        }
    };
    let outcome = match solved {
        Ok(outcome) => outcome,
        Err(failure) => return Ok(Err(failure.into())),
    };
    let gap = outcome.gap();
    let located = Located {
        schema_version: 1,
        maillage_version: env!("CARGO_PKG_VERSION").to_owned(),
        instance: path.to_string_lossy().into_owned(),
        format: options.format,
        problem: options.problem,
        p,
        radius,
        weights: options.weights.as_ref().map(|w| w.to_string_lossy().into_owned()),
        status: match &outcome.status {
            Status::Optimal => Claim::Optimal,
            Status::WithinGap => Claim::WithinGap,
            Status::Feasible => Claim::Feasible,
            Status::Infeasible(_) => Claim::Infeasible,
            Status::NoPlan => Claim::NoPlan,
        },
        limit: outcome.limit.as_ref().map(limit_name),
        reason: reason(&instance, &outcome),
        objective: outcome.objective,
        bound: outcome.bound,
        gap,
        cpu_seconds: machine::cpu_seconds(),
        wall_seconds: (started.elapsed().as_secs_f64() * 1000.0).round() / 1000.0,
        peak_memory_mb: machine::peak_memory_mb(),
        solver: SolverRecord {
            name: maillage_milp::solver_name(),
            threads: limits.threads,
            gap: limits.rel_gap,
            time_limit_s: run.time_limit_s,
        },
        seed: limits.seed,
        inputs: instance.inputs.clone(),
        open: outcome.open.iter().map(|s| instance.sites[s.0 as usize].clone()).collect(),
        certificate: None,
        seal: BTreeMap::new(),
    };
    Ok(Ok(located))
}

fn reason(instance: &Instance, outcome: &Outcome) -> Option<Text> {
    match &outcome.status {
        Status::Infeasible(Impossible::Unreachable(clients)) => {
            let names: Vec<&str> =
                clients.iter().take(5).map(|c| instance.clients[c.0 as usize].as_str()).collect();
            let more = if clients.len() > names.len() { ", …" } else { "" };
            let (n, names) = (clients.len(), names.join(", "));
            Some(Text::new(
                format!("clients qu'aucun site ne peut servir ({n}) : {names}{more}"),
                format!("clients that no site can serve ({n}): {names}{more}"),
            ))
        }
        Status::Infeasible(Impossible::NotWith { p }) => Some(Text::new(
            format!("avec p = {p}, tous les clients ne peuvent pas être servis"),
            format!("with p = {p} not every client can be served"),
        )),
        _ => None,
    }
}

/// Writes a located result to a file, with its paths as seen from there. Only a file that `locate` wrote is
/// ever replaced.
///
/// # Errors
/// E107 when the file cannot be written, E108 when another file stands there.
pub fn write_located(path: &Path, located: &Located) -> Result<Located, Problem> {
    let earlier = std::fs::read_to_string(path).ok().and_then(|t| serde_json::from_str::<Located>(&t).ok());
    if path.exists() && earlier.is_none() {
        return Err(Problem::error(
            Code::OutputForeign,
            Text::new(
                "ce fichier n'est pas un résultat de « locate »",
                "this file is not a result of `locate`",
            ),
        )
        .at(Place::file(path.display().to_string()))
        .remedy(Text::new("choisir un autre nom", "choose another name")));
    }
    let unwritable = |e: std::io::Error| unwritable(path, &e);
    let mut seen = located.clone();
    seen.instance = from_file(path, &located.instance).map_err(unwritable)?;
    seen.weights = located.weights.as_deref().map(|w| from_file(path, w)).transpose().map_err(unwritable)?;
    for input in &mut seen.inputs {
        input.path = from_file(path, &input.path).map_err(unwritable)?;
    }
    write_file(path, &seen.json())?;
    Ok(seen)
}

/// `file` as seen from the folder that holds `result`.
fn from_file(result: &Path, file: &str) -> std::io::Result<String> {
    // Seen from a folder of that name every path climbs one step more.
    let seen = path_from(result, Path::new(file))?;
    Ok(seen.strip_prefix("../").map_or(seen.clone(), str::to_owned))
}

/// Checks a file written by `locate` against its instance: the objective of the open sites, the number of
/// sites, the claims. The bound comes from the solver and is only held against the objective.
pub(crate) fn check_located(file: &Path, text: &str, instance: Option<&Path>) -> Result<Verdict, Problems> {
    let unreadable = |e: serde_json::Error| {
        Problem::error(
            Code::ResultUnreadable,
            Text::new("ce n'est pas un résultat de maillage", "this is not a maillage result"),
        )
        .value(e.to_string())
        .remedy(Text::new("résoudre à nouveau", "solve again"))
    };
    let value: serde_json::Value = serde_json::from_str(text).map_err(unreadable)?;
    let claimed: Located = serde_json::from_value(value.clone()).map_err(unreadable)?;
    let beside = |named: &str| file.parent().unwrap_or(Path::new("")).join(named);
    let path = instance.map_or_else(|| beside(&claimed.instance), Path::to_owned);
    let read = open_instance(&path, claimed.format, claimed.weights.as_deref().map(beside).as_deref())?;

    let mut report = Report::default();
    let mut wrong = |rule: Rule, at: &str, claimed: String, recomputed: String| {
        report.violations.push(Violation {
            rule,
            at: at.to_owned(),
            claimed,
            recomputed,
            cause: rule.meaning(),
        });
    };
    let seal = seal_of(&value);
    for field in seal.keys().chain(claimed.seal.keys().filter(|k| !seal.contains_key(*k))) {
        let (stands, follows) = (claimed.seal.get(field), seal.get(field));
        if stands != follows {
            let shown = |s: Option<&String>| s.cloned().unwrap_or_else(|| "—".to_owned());
            wrong(Rule::Seal, &format!("/{field}"), shown(stands), shown(follows));
        }
    }
    let hashes =
        |inputs: &[InputRecord]| inputs.iter().map(|i| i.sha256.clone()).collect::<Vec<_>>().join(" ");
    if hashes(&claimed.inputs) != hashes(&read.inputs) {
        wrong(Rule::Inputs, "/inputs", hashes(&claimed.inputs), hashes(&read.inputs));
    }
    let named: BTreeMap<&str, u32> = read.sites.iter().map(String::as_str).zip(0..).collect();
    let open: BTreeSet<SiteIx> =
        claimed.open.iter().filter_map(|name| named.get(name.as_str()).copied().map(SiteIx)).collect();
    if open.len() != claimed.open.len() {
        wrong(Rule::SiteUnknown, "/open", claimed.open.len().to_string(), open.len().to_string());
    }
    if let Some(objective) = claimed.objective {
        let shown = |o: Option<u64>| o.map_or_else(|| "–".to_owned(), |o| o.to_string());
        let worth = worth(&read.lists, claimed.problem, claimed.radius, &open);
        if worth != Some(objective) {
            wrong(Rule::Objective, "/objective", objective.to_string(), shown(worth));
        }
        let p = claimed.p.map_or(usize::MAX, |p| p as usize);
        let fits = if claimed.problem == LocateProblem::PMedian { open.len() == p } else { open.len() <= p };
        if !fits {
            wrong(Rule::OpenedCount, "/open", open.len().to_string(), p.to_string());
        }
        if let Some(bound) = claimed.bound {
            let beaten = if claimed.problem == LocateProblem::MaxCover {
                bound < objective
            } else {
                bound > objective
            };
            if beaten {
                wrong(Rule::BoundSide, "/bound", bound.to_string(), objective.to_string());
            }
        }
    }
    let gap = claimed.objective.zip(claimed.bound).map(|(o, b)| o.abs_diff(b) as f64 / o.max(1) as f64);
    if claimed.gap.zip(gap).is_some_and(|(a, b)| (a - b).abs() > 1e-9)
        || claimed.gap.is_some() != gap.is_some()
    {
        wrong(Rule::Gap, "/gap", format!("{:?}", claimed.gap), format!("{gap:?}"));
    }
    let planned = claimed.objective.is_some();
    let borne_out = match claimed.status {
        Claim::Optimal => planned && claimed.objective == claimed.bound && claimed.limit.is_none(),
        Claim::WithinGap => planned && gap.is_some_and(|g| g <= claimed.solver.gap),
        Claim::Feasible => planned && claimed.limit.is_some(),
        Claim::Infeasible => !planned && claimed.reason.is_some() && !servable(&read.lists, &claimed),
        Claim::NoPlan => !planned && claimed.limit.is_some(),
    };
    if !borne_out {
        wrong(Rule::StatusClaim, "/status", claimed.status.as_str().to_owned(), "—".to_owned());
    }
    report.unverified.push(Text::new(
        "la borne vient du solveur : pas encore de certificat",
        "the bound comes from the solver: there is no certificate yet",
    ));
    Ok(Verdict { scenario: claimed.instance, report })
}

/// Whether all sites that may open together plainly serve everyone: then nothing is infeasible. More sites than
/// `p` prove nothing.
fn servable(lists: &CostLists, claimed: &Located) -> bool {
    let all: BTreeSet<SiteIx> = lists.sites().collect();
    let enough = claimed.p.is_none_or(|p| p as usize >= all.len());
    enough && worth(lists, claimed.problem, claimed.radius, &all).is_some()
}

/// What a set of open sites is worth, from the lists alone; `None` when someone is not served.
fn worth(
    lists: &CostLists,
    problem: LocateProblem,
    radius: Option<u64>,
    open: &BTreeSet<SiteIx>,
) -> Option<u64> {
    let nearest =
        |c: ClientIx| lists.list(c).filter(|(s, _)| open.contains(s)).map(|(_, d)| u64::from(d)).min();
    let within = |c: &ClientIx| nearest(*c).is_some_and(|d| radius.is_some_and(|r| d <= r));
    match problem {
        LocateProblem::PMedian => lists
            .clients()
            .try_fold(0u64, |sum, c| sum.checked_add(nearest(c)?.checked_mul(lists.weight(c))?)),
        LocateProblem::PCenter => lists.clients().map(nearest).try_fold(0, |worst, d| Some(worst.max(d?))),
        LocateProblem::MaxCover => Some(lists.clients().filter(within).map(|c| lists.weight(c)).sum()),
        LocateProblem::SetCover => lists.clients().all(|c| within(&c)).then_some(open.len() as u64),
    }
}

/// Writes a text to a file, whole or not at all.
fn write_file(path: &Path, text: &str) -> Result<(), Problem> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let fresh = path.with_file_name(format!(".{name}.new-{}", std::process::id()));
    std::fs::write(&fresh, text).and_then(|()| std::fs::rename(&fresh, path)).map_err(|e| {
        let _ = std::fs::remove_file(&fresh);
        unwritable(path, &e)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lies with a fresh seal: what is claimed must follow from the instance, not from the seal.
    #[test]
    fn resealed_lies_are_found() {
        let dir = tempfile::tempdir().unwrap();
        let (csv, out) = (dir.path().join("c.csv"), dir.path().join("r.json"));
        std::fs::write(&csv, "from_id,to_id,cost\na,x,3\na,y,1\nb,x,1\nb,y,4\nc,y,2\nc,x,9\n").unwrap();
        let options = LocateOptions {
            format: LocateFormat::Csv,
            problem: LocateProblem::PMedian,
            p: Some(1),
            radius: None,
            weights: None,
            run: RunOptions::default(),
        };
        let honest = locate(&csv, &options, &mut |_| {}).unwrap().unwrap();
        assert_eq!((honest.objective, honest.status), (Some(7), Claim::Optimal));
        let honest = write_located(&out, &honest).unwrap();
        assert_eq!(honest.instance, "c.csv");
        let rules = |located: &Located| -> Vec<&'static str> {
            let verdict = check_located(&out, &located.json(), None).unwrap();
            verdict.report.violations.iter().map(|v| v.rule.as_str()).collect()
        };
        assert!(rules(&honest).is_empty());
        type Lie = fn(&mut Located);
        let lies: [(Lie, &str); 9] = [
            (|l| (l.objective, l.bound) = (Some(6), Some(6)), "C202"),
            (|l| l.open = vec!["x".into()], "C202"),
            (|l| l.open = vec!["x".into(), "y".into()], "C318"),
            (|l| l.open = vec!["z".into()], "C301"),
            (|l| (l.bound, l.gap) = (None, None), "C205"),
            (|l| (l.bound, l.gap) = (Some(8), Some(1.0 / 7.0)), "C203"),
            (|l| (l.status, l.bound) = (Claim::WithinGap, Some(2)), "C204"),
            (|l| l.inputs.clear(), "C104"),
            (|l| (l.status, l.objective, l.bound, l.gap) = (Claim::Infeasible, None, None, None), "C205"),
        ];
        for (i, (lie, rule)) in lies.iter().enumerate() {
            let mut located = honest.clone();
            lie(&mut located);
            assert!(rules(&located).contains(rule), "lie {i}: {:?}", rules(&located));
        }
    }
}
