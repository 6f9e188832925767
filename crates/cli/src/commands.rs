//! One function per command.

use crate::Exit;
use crate::args::{Args, Command, Common, LimitArgs};
use crate::console::{self, ProgressLine};
use crate::interrupt;
use maillage_input::{Lang, Problems};
use maillage_scenario::{Event, LocateOptions, RunOptions, Status, Verdict};
use std::path::{Path, PathBuf};

pub(crate) fn dispatch(args: Args) -> Exit {
    let common = args.common;
    let lang = Lang::from(common.lang);
    let done = match args.command {
        Command::Solve { scenario, output, limits } => solve(&scenario, output, limits, common),
        Command::Check { result, scenario } => check(&result, scenario.as_deref(), common),
        Command::Report(args) => crate::report::report(args, common),
        Command::Travel(args) => crate::travel::travel(args, common),
        Command::Explain(args) => crate::explain::explain(*args, common),
        Command::Suite(args) => crate::suite::suite(*args, common),
        Command::Frontier(args) => crate::frontier::frontier(*args, common),
        Command::Alternatives(args) => crate::alternatives::alternatives(*args, common),
        Command::Locate(asked) => {
            let options = asked.options(run_options(asked.limits));
            locate(&asked.instance, asked.output.as_deref(), &options, common)
        }
        Command::Access { territory, settings, against, output } => {
            access(&territory, settings.as_deref(), against.as_deref(), output.as_deref(), common)
        }
        Command::Validate { file } => validate(&file, common),
        Command::Completions { shell } => crate::about::completions(shell),
        Command::Man(args) => crate::about::manual(&args.folder),
        Command::Schema { kind } => {
            let schema = maillage_scenario::schema(&kind).unwrap_or_default();
            console::print(&format!("{schema:#}"));
            Ok(Exit::Done)
        }
    };
    done.unwrap_or_else(|problems| {
        console::problems(&problems.sorted(), lang, common.json);
        Exit::BadInput
    })
}

pub(crate) fn run_options(limits: LimitArgs) -> RunOptions {
    RunOptions {
        time_limit_s: limits.time_limit,
        gap: limits.gap,
        threads: limits.threads,
        seed: limits.seed,
        stop: Some(interrupt::stop()),
    }
}

fn solve(
    scenario: &Path,
    output: Option<PathBuf>,
    limits: LimitArgs,
    common: Common,
) -> Result<Exit, Problems> {
    let lang = Lang::from(common.lang);
    let (loaded, warnings) = maillage_scenario::load(scenario)?;
    if !common.quiet && !warnings.is_empty() {
        console::problems(&warnings, lang, false);
    }
    let output = output.unwrap_or_else(|| Path::new("out").join(loaded.file.name.as_str()));
    maillage_scenario::ready(&output)?;
    let mut line = ProgressLine::new(common.quiet, lang);
    let mut log = maillage_scenario::Log::new(&loaded);
    let mut watch = |event: &Event| {
        log.progress(event);
        line.show(event);
    };
    let finished = maillage_scenario::run(&loaded, &run_options(limits), &mut watch);
    line.clear();
    let finished = match finished {
        Ok(finished) => finished,
        Err(failure) => return Ok(internal(&failure.to_string(), lang)),
    };
    log.finished(&finished.record);
    if finished.record.status == Status::NoPlan && output.join("result.json").is_file() {
        // A run that found nothing does not take the place of one that did.
        console::error(match lang {
            Lang::Fr => "aucun plan trouvé avant la limite : le résultat précédent est gardé",
            Lang::En => "no plan found before the limit: the earlier result is kept",
        });
        return Ok(Exit::LimitWithoutPlan);
    }
    let record = maillage_scenario::write(&output, &loaded, &finished, log.text(), lang)?;
    if common.json {
        console::print(&serde_json::to_string_pretty(&record).unwrap_or_default());
    } else {
        console::print(&maillage_report::summary(&record, lang));
    }
    if !common.quiet && record.status == Status::Infeasible {
        let file = scenario.display();
        console::error(&match lang {
            Lang::Fr => format!("le moindre changement qui suffit : maillage explain {file}"),
            Lang::En => format!("the least change that is enough: maillage explain {file}"),
        });
    }
    if !common.quiet {
        let report = output.join("report.html");
        console::error(&match lang {
            Lang::Fr => format!("rapport : {}", report.display()),
            Lang::En => format!("report: {}", report.display()),
        });
    }
    Ok(exit_of(record.status))
}

pub(crate) fn exit_of(status: Status) -> Exit {
    match status {
        Status::Optimal | Status::WithinGap => Exit::Done,
        Status::Feasible => Exit::LimitWithPlan,
        Status::Infeasible => Exit::Infeasible,
        Status::NoPlan => Exit::LimitWithoutPlan,
    }
}

pub(crate) fn internal(what: &str, lang: Lang) -> Exit {
    console::error(&match lang {
        Lang::Fr => format!("erreur interne : {what}"),
        Lang::En => format!("internal error: {what}"),
    });
    Exit::Internal
}

fn check(result: &Path, scenario: Option<&Path>, common: Common) -> Result<Exit, Problems> {
    let lang = Lang::from(common.lang);
    let many = maillage_scenario::results_in(result);
    if scenario.is_none() && !many.is_empty() {
        return check_many(&many, common);
    }
    let verdict = maillage_scenario::check(result, scenario)?;
    if common.json {
        console::print(&format!("{:#}", json_of(&verdict)));
    } else {
        console::print(&verdict.render(lang));
    }
    Ok(if verdict.report.holds() { Exit::Done } else { Exit::Violation })
}

fn json_of(verdict: &Verdict) -> serde_json::Value {
    serde_json::json!({ "scenario": verdict.scenario, "report": verdict.report })
}

/// The results of a suite: a line for each that holds, all that is wrong with the others.
fn check_many(results: &[PathBuf], common: Common) -> Result<Exit, Problems> {
    let lang = Lang::from(common.lang);
    let (mut exit, mut json) = (Exit::Done, Vec::new());
    let mut unreadable = Problems::new();
    for verdict in maillage_scenario::check_all(results) {
        match verdict {
            Ok(verdict) => {
                let holds = verdict.report.holds();
                if !holds {
                    exit = Exit::Violation;
                }
                if common.json {
                    json.push(json_of(&verdict));
                } else {
                    let all = verdict.render(lang);
                    console::print(if holds { all.lines().next().unwrap_or_default() } else { &all });
                }
            }
            Err(problems) => unreadable.extend(problems),
        }
    }
    if common.json {
        console::print(&format!("{:#}", serde_json::Value::from(json)));
    }
    if unreadable.has_errors() { Err(unreadable) } else { Ok(exit) }
}

fn locate(
    instance: &Path,
    output: Option<&Path>,
    options: &LocateOptions,
    common: Common,
) -> Result<Exit, Problems> {
    let lang = Lang::from(common.lang);
    let mut line = ProgressLine::new(common.quiet, lang);
    let located = maillage_scenario::locate(instance, options, &mut |event| line.show(event));
    line.clear();
    let located = match located? {
        Ok(located) => located,
        Err(failure) => return Ok(internal(&failure.to_string(), lang)),
    };
    let located = match output {
        Some(file) => maillage_scenario::write_located(file, &located)?,
        None => located,
    };
    console::print(&if common.json { located.json() } else { located.summary(lang) });
    Ok(match located.status() {
        Status::Optimal if located.is_cut_short() => Exit::LimitWithPlan,
        status => exit_of(status),
    })
}

fn access(
    territory: &Path,
    settings: Option<&Path>,
    against: Option<&Path>,
    output: Option<&Path>,
    common: Common,
) -> Result<Exit, Problems> {
    let lang = Lang::from(common.lang);
    let (measured, warnings) = maillage_scenario::access(territory, settings, against)?;
    if !common.quiet && !warnings.is_empty() {
        console::problems(&warnings, lang, false);
    }
    if let Some(dir) = output {
        maillage_scenario::write_access(dir, &measured, lang)?;
    }
    console::print(&if common.json { measured.json() } else { measured.summary(lang) });
    Ok(Exit::Done)
}

fn validate(file: &Path, common: Common) -> Result<Exit, Problems> {
    let lang = Lang::from(common.lang);
    let warnings = maillage_scenario::validate(file)?;
    if !common.quiet && !warnings.is_empty() {
        console::problems(&warnings, lang, false);
    }
    if common.json {
        console::print(&serde_json::json!({ "problems": warnings }).to_string());
    } else {
        console::print(match lang {
            Lang::Fr => "le fichier est en ordre",
            Lang::En => "the file is in order",
        });
    }
    Ok(Exit::Done)
}
