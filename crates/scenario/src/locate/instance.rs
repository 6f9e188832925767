//! Instances of every format, and which problem goes with which.

use super::covering::Covering;
use super::{LocateFormat, LocateOptions, LocateProblem, Radius, Rounding, alternatives, memory};
use maillage_input::{Code, InputFile, InputRecord, MAX_TABLE_BYTES, Place, Problem, Problems, Text};
use maillage_location::read::{self, ChargeFile};
use maillage_location::{CostLists, Points};
use std::path::Path;

/// An instance as read.
pub(super) struct Instance {
    pub data: Data,
    pub sites: Vec<String>,
    /// Clients, or the first of each class.
    pub clients: Vec<String>,
    /// How many clients each class has; empty where each client is one.
    pub class_sizes: Vec<u64>,
    pub p: Option<u32>,
    pub inputs: Vec<InputRecord>,
}

/// What an instance says.
pub(super) enum Data {
    /// A site covers a client when its cost is at most `reach`. One cost of opening a site each.
    Lists { lists: CostLists, reach: u32, costs: Vec<u64> },
    /// Points that are all clients of weight 1 and sites.
    Plane(Points),
    /// Opening and service.
    Charges(ChargeFile),
}

impl Instance {
    /// Parts of the unit of the instance in which objectives are whole; and whether they are squares.
    pub fn unit(&self, problem: LocateProblem) -> (u32, bool) {
        match &self.data {
            Data::Lists { .. } => (1, false),
            Data::Plane(points) if problem == LocateProblem::PCenter => (points.scale, true),
            Data::Plane(_) => (1, false),
            Data::Charges(file) => (file.scale, false),
        }
    }
}

/// The formats that go with a problem.
fn formats(problem: LocateProblem) -> &'static [LocateFormat] {
    use LocateFormat::*;
    match problem {
        LocateProblem::PMedian | LocateProblem::PCenter => &[OrlibPmed, Csv, Tsplib],
        LocateProblem::FixedCharge => &[OrlibCap, Uflib, Holmberg, Yang, Tbed1],
        LocateProblem::Capacitated | LocateProblem::SingleSource => &[OrlibCap, Holmberg, Yang, Tbed1],
        _ => &[OrlibPmed, Csv, Tsplib, Grid],
    }
}

/// Holds the options against problem and format, but for `p`, which the instance may give.
pub(super) fn asked(options: &LocateOptions) -> Result<(), Problems> {
    let (problem, format) = (options.problem, options.format);
    let mut problems = Problems::new();
    if !formats(problem).contains(&format) {
        let fit = formats(problem).iter().map(|f| f.as_str()).collect::<Vec<_>>().join(", ");
        let (problem, format) = (problem.as_str(), format.as_str());
        problems.push(
            Problem::error(
                Code::Contradiction,
                Text::new(
                    format!("le problème {problem} ne va pas avec le format {format}"),
                    format!("problem {problem} does not go with format {format}"),
                ),
            )
            .remedy(Text::new(
                format!("formats de {problem} : {fit}"),
                format!("formats of {problem}: {fit}"),
            )),
        );
    }
    let cover = problem.is_cover();
    let partial = problem == LocateProblem::PartialCover;
    let maximal = problem == LocateProblem::MaxCover;
    for (option, needed, given) in
        [("--radius", cover, options.radius.is_some()), ("--demand", partial, options.demand.is_some())]
    {
        if needed && !given {
            problems.push(missing(option));
        }
    }
    let in_problem = ("à ce problème", "in this problem");
    let without_plans = ("sans --plans", "without --plans");
    let with_format = ("à ce format", "with this format");
    let takes_p = matches!(
        problem,
        LocateProblem::PMedian
            | LocateProblem::PCenter
            | LocateProblem::MaxCover
            | LocateProblem::BackupCover
    );
    let rounding = Rounding::of(format, problem);
    for (option, given, serves, (fr, en)) in [
        ("--p", options.p.is_some(), takes_p, in_problem),
        ("--radius", options.radius.is_some(), cover, in_problem),
        ("--demand", options.demand.is_some(), partial, in_problem),
        ("--times", options.times.is_some(), problem == LocateProblem::BackupCover, in_problem),
        ("--p", options.p.is_some(), options.times.is_none(), ("avec --times", "with --times")),
        ("--p", options.p.is_some(), options.budget.is_none(), ("avec --budget", "with --budget")),
        ("--budget", options.budget.is_some(), maximal, in_problem),
        ("--budget", options.budget.is_some(), format == LocateFormat::Grid, with_format),
        ("--capacity", options.capacity.is_some(), problem.has_capacities(), in_problem),
        ("--capacity", options.capacity.is_some(), format == LocateFormat::OrlibCap, with_format),
        ("--apart", options.apart.is_some(), options.plans.is_some(), without_plans),
        ("--within", options.within.is_some(), options.plans.is_some(), without_plans),
        // The best of what is left is the next plan only once the one before it is proven.
        (
            "--gap",
            options.run.gap.is_some_and(|g| g > 0.0),
            options.plans.is_none(),
            ("avec --plans", "with --plans"),
        ),
        ("--weights", options.weights.is_some(), format == LocateFormat::Csv, with_format),
        ("--rounding", options.rounding.is_some(), options.rounding == rounding, in_problem),
    ] {
        if given && !serves {
            problems.push(useless(option, fr, en));
        }
    }
    problems.extend(alternatives::refused(options));
    problems.or_value(()).map(|_| ())
}

/// The number of sites that the problem takes: that of the options, or that of the instance.
pub(super) fn number_of_sites(options: &LocateOptions, instance: &Instance) -> Result<Option<u32>, Problem> {
    use LocateProblem::*;
    let (other, takes) = match options.problem {
        PMedian | PCenter => (None, true),
        MaxCover => (Some("--budget B"), options.budget.is_none()),
        BackupCover => (Some("--times K"), options.times.is_none()),
        _ => (None, false),
    };
    let p = options.p.or(instance.p).filter(|_| takes);
    match (p, other) {
        (None, Some(other)) if takes => Err(missing("--p")
            .remedy(Text::new(format!("ajouter --p N ou {other}"), format!("add --p N or {other}")))),
        (None, None) if takes => Err(missing("--p")),
        _ => Ok(p),
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

/// Reads an instance whose options are sound.
pub(super) fn open(path: &Path, options: &LocateOptions) -> Result<Instance, Problems> {
    let file = InputFile::read(path, MAX_TABLE_BYTES)?;
    let most = memory::limit(options);
    memory::fits(memory::needed(options, &file.content), most, &file.record)?;
    let mut inputs = vec![file.record.clone()];
    let radius = options.radius.unwrap_or(Radius { units: 0, scale: 1 });
    let listed = |lists: CostLists, sites: Vec<String>, clients: Vec<String>, p: Option<u32>, inputs| {
        let reach = u32::try_from(radius.units / u64::from(radius.scale.max(1))).unwrap_or(u32::MAX);
        let costs = vec![1; lists.num_sites() as usize];
        Instance {
            data: Data::Lists { lists, reach, costs },
            sites,
            clients,
            class_sizes: Vec::new(),
            p,
            inputs,
        }
    };
    Ok(match options.format {
        LocateFormat::OrlibPmed => {
            let read = read::orlib_pmed(&file)?;
            let names = numbered(read.lists.num_sites() as usize);
            listed(read.lists, names.clone(), names, Some(read.p), inputs)
        }
        LocateFormat::Csv => {
            let weights =
                options.weights.as_deref().map(|w| InputFile::read(w, MAX_TABLE_BYTES)).transpose()?;
            let read = read::csv_lists(&file, weights.as_ref())?;
            inputs.extend(weights.map(|w| w.record));
            listed(read.lists, read.sites, read.clients, None, inputs)
        }
        LocateFormat::Tsplib => {
            let points = read::tsplib(&file)?;
            if options.problem.is_cover() {
                let all = vec![1; points.len()];
                Covering::new(&file, (&points, &points), &all, radius, most)?.instance(1, all, inputs)
            } else {
                let (sites, clients) = (numbered(points.len()), numbered(points.len()));
                Instance {
                    data: Data::Plane(points),
                    sites,
                    clients,
                    class_sizes: Vec::new(),
                    p: None,
                    inputs,
                }
            }
        }
        LocateFormat::Grid => {
            let grid = read::grid(&file)?;
            Covering::new(&file, (&grid.sites, &grid.clients), &grid.demand, radius, most)?
                .instance(0, grid.cost, inputs)
        }
        LocateFormat::OrlibCap => charged(read::orlib_cap(&file, options.capacity)?, &file, options, inputs)?,
        LocateFormat::Uflib => charged(read::ufl_simple(&file)?, &file, options, inputs)?,
        LocateFormat::Holmberg | LocateFormat::Yang => {
            charged(read::holmberg(&file)?, &file, options, inputs)?
        }
        LocateFormat::Tbed1 => charged(read::tbed1(&file)?, &file, options, inputs)?,
    })
}

/// Names of what a file numbers from 1.
fn numbered(count: usize) -> Vec<String> {
    (1..=count).map(|i| i.to_string()).collect()
}

fn charged(
    read: ChargeFile,
    file: &InputFile,
    options: &LocateOptions,
    inputs: Vec<InputRecord>,
) -> Result<Instance, Problem> {
    if options.problem.has_capacities() && read.amounts.is_none() {
        return Err(Problem::error(
            Code::Instance,
            Text::new(
                "capacités ou demandes absentes, ou non entières",
                "capacities or demands are missing, or not whole",
            ),
        )
        .at(Place::file(file.record.path.clone()))
        .remedy(Text::new(
            "donner la capacité de chaque site avec --capacity N",
            "give the capacity of every site with --capacity N",
        )));
    }
    let (sites, clients) = (numbered(read.charges.num_sites()), numbered(read.charges.num_clients()));
    Ok(Instance { data: Data::Charges(read), sites, clients, class_sizes: Vec::new(), p: None, inputs })
}
