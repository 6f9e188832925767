//! The best plans that differ: sought, told, and counted again.

use super::check::{opened, or_dash, within_budget};
use super::instance::{Data, Instance};
use super::solve::{Stop, elsewhere, limit_word};
use super::{LocateFormat, LocateOptions, LocateProblem, Located, memory, worth};
use maillage_check::{Report, Rule};
use maillage_input::{Code, Lang, Problem, Problems, Text};
use maillage_location::{
    Alternatives, LimitReached, Limits, Outcome, Progress, Rules, SiteIx, Status, further, p_median,
};
use maillage_programme::Status as Claim;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why there are fewer plans than asked, where no limit came first.
const NONE_LEFT: &str = "none-left";
/// Largest share, in percent.
const MOST_WITHIN: f64 = 1e6;

/// Formats in which plans of a problem may be many: those that come as lists or charges.
fn formats(problem: LocateProblem) -> &'static [LocateFormat] {
    use LocateFormat::*;
    match problem {
        LocateProblem::PMedian | LocateProblem::PCenter => &[OrlibPmed, Csv],
        LocateProblem::MaxCover | LocateProblem::SetCover | LocateProblem::PartialCover => {
            &[OrlibPmed, Csv, Tsplib, Grid]
        }
        LocateProblem::FixedCharge => &[OrlibCap, Uflib, Holmberg, Yang, Tbed1],
        LocateProblem::BackupCover | LocateProblem::Capacitated | LocateProblem::SingleSource => &[],
    }
}

/// Which further plans were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// How many plans, the best among them.
    pub(super) plans: u32,
    /// How many sites of each plan are closed in every later one.
    pub(super) apart: u32,
    /// How much worse than the best a plan may be, in percent of it.
    pub(super) within: f64,
}

impl Asked {
    fn of(options: &LocateOptions) -> Option<Self> {
        let (apart, within) = (options.apart.unwrap_or(1), options.within.unwrap_or(5.0));
        Some(Asked { plans: options.plans?, apart, within })
    }

    /// How far apart, in both languages.
    fn sites(&self) -> String {
        format!("{} site{}", self.apart, if self.apart == 1 { "" } else { "s" })
    }

    /// What a plan may be worth beside the best. Shares are exact to a billionth.
    fn worst(&self, best: u64, large: bool) -> u64 {
        let billionths = (self.within / 100.0 * 1e9).round() as u128;
        let share = u64::try_from(u128::from(best) * billionths / 1_000_000_000).unwrap_or(u64::MAX);
        if large { best.saturating_sub(share) } else { best.saturating_add(share) }
    }

    /// How far from the best, in both languages.
    fn share(&self, problem: LocateProblem, lang: Lang) -> String {
        use LocateProblem::{MaxCover, PCenter, SetCover};
        let within = decimal(self.within, lang);
        match (problem, lang) {
            (MaxCover, Lang::Fr) => format!("couvre au plus {within} % de moins que le meilleur"),
            (MaxCover, Lang::En) => format!("covers at most {within} % less than the best"),
            (SetCover, Lang::Fr) => format!("ouvre au plus {within} % de sites de plus que le meilleur"),
            (SetCover, Lang::En) => format!("opens at most {within} % more sites than the best"),
            (PCenter, Lang::Fr) => {
                format!("a un plus grand coût qui dépasse d'au plus {within} % celui du meilleur")
            }
            (PCenter, Lang::En) => {
                format!("has a dearest cost at most {within} % above that of the best")
            }
            (_, Lang::Fr) => format!("coûte au plus {within} % de plus que le meilleur"),
            (_, Lang::En) => format!("costs at most {within} % more than the best"),
        }
    }
}

/// A plan beside the best one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alternative {
    pub(super) status: Claim,
    pub(super) objective: u64,
    /// What no plan that differs as asked from those before it can beat.
    pub(super) bound: u64,
    pub(super) open: Vec<String>,
    pub(super) closed_of_best: Vec<String>,
}

/// What was found beside the best plan.
#[derive(Default)]
pub(super) struct Further {
    pub asked: Option<Asked>,
    pub plans: Vec<Alternative>,
    /// Why there are no more, or why the last is not proven; `None` where all that was asked is there.
    pub stop: Option<String>,
}

/// What cannot be asked.
pub(super) fn refused(options: &LocateOptions) -> Problems {
    let mut problems = Problems::new();
    let Some(asked) = Asked::of(options) else { return problems };
    let fit = formats(options.problem);
    if !fit.contains(&options.format) {
        let (problem, format) = (options.problem.as_str(), options.format.as_str());
        let fit = fit.iter().map(|f| f.as_str()).collect::<Vec<_>>().join(", ");
        let remedy = if fit.is_empty() {
            Text::new(
                "--plans va avec p-median, p-center, max-cover, set-cover, partial-cover et fixed-charge",
                "--plans goes with p-median, p-center, max-cover, set-cover, partial-cover and fixed-charge",
            )
        } else {
            Text::new(
                format!("--plans va avec le problème {problem} aux formats {fit}"),
                format!("--plans goes with problem {problem} in formats {fit}"),
            )
        };
        problems.push(
            Problem::error(
                Code::Contradiction,
                Text::new(
                    format!("l'option --plans ne va pas avec le problème {problem} au format {format}"),
                    format!("option --plans does not go with problem {problem} in format {format}"),
                ),
            )
            .remedy(remedy),
        );
    }
    if asked.plans == 0 || asked.apart == 0 || !(0.0..=MOST_WITHIN).contains(&asked.within) {
        problems.push(
            Problem::error(
                Code::OutOfRange,
                Text::new(
                    "--plans, --apart ou --within hors bornes",
                    "--plans, --apart or --within out of range",
                ),
            )
            .remedy(Text::new(
                "--plans et --apart : 1 au moins ; --within : de 0 à 1000000 %",
                "--plans and --apart: at least 1; --within: 0 to 1000000 %",
            )),
        );
    }
    problems
}

/// Refuses plans that differ in more sites than they have, and models that are too large.
pub(super) fn fits(options: &LocateOptions, instance: &Instance, p: Option<u32>) -> Result<(), Problem> {
    let Some(asked) = Asked::of(options) else { return Ok(()) };
    if options.problem != LocateProblem::PMedian && asked.plans > 1 {
        let model = match &instance.data {
            Data::Lists { lists, .. } => lists.num_pairs() as u64 * memory::FURTHER_BYTES,
            Data::Charges(file) => {
                (file.charges.num_clients() * file.charges.num_sites()) as u64 * memory::FURTHER_CHARGE_BYTES
            }
            Data::Plane(_) => 0,
        };
        let needed = model + memory::BASE_BYTES;
        instance.inputs.first().map_or(Ok(()), |file| memory::fits(needed, memory::limit(options), file))?;
    }
    let Some(p) = p.filter(|p| asked.apart > *p) else { return Ok(()) };
    Err(Problem::error(
        Code::Contradiction,
        Text::new(
            format!("--apart {} dépasse le nombre de sites d'un plan, {p}", asked.apart),
            format!("--apart {} is more than the sites of a plan, {p}", asked.apart),
        ),
    )
    .remedy(Text::new("baisser --apart", "lower --apart")))
}

/// Plans beside the best one, given how that one ended. The best is told again without sites of no use.
pub(super) fn seek(
    instance: &Instance,
    (p, options): (u32, &LocateOptions),
    (status, limit): (&Status, Option<&LimitReached>),
    best: &mut Vec<SiteIx>,
    limits: &Limits,
    on: &mut dyn FnMut(&Progress),
) -> Result<Further, Stop> {
    let Some(asked) = Asked::of(options) else { return Ok(Further::default()) };
    let mut further = Further { asked: Some(asked), ..Further::default() };
    if *status != Status::Optimal || asked.plans == 1 {
        further.stop = limit.map(limit_word);
        return Ok(further);
    }
    let Asked { plans, apart, within } = asked;
    let wanted = Alternatives { count: plans, within: within / 100.0, apart };
    let found = match (&instance.data, options.problem) {
        (Data::Lists { lists, .. }, LocateProblem::PMedian) => {
            let problem = p_median::Problem::new(lists, p, Rules::default())?;
            medians(p_median::alternatives(&problem, wanted, limits, on)?, best)
        }
        _ => {
            let ones = vec![1; instance.sites.len()];
            let Some(problem) = posed(instance, (p, options), &ones) else { return Err(elsewhere()) };
            *best = further::tidy(problem, best);
            further::seek(problem, best, wanted, limits, on)?
        }
    };
    further.stop = match &found.limit {
        Some(limit) => Some(limit_word(limit)),
        None => (found.plans.len() + 1 < plans as usize).then(|| NONE_LEFT.to_owned()),
    };
    further.plans = found.plans.iter().map(|plan| Alternative::of(instance, best, plan)).collect();
    Ok(further)
}

/// What the search for p-medians gives: its first plan is the one that the others differ from.
fn medians(found: Vec<Outcome>, best: &mut Vec<SiteIx>) -> further::Found {
    let limit = found.last().and_then(|last| last.limit.clone());
    let mut found = found.into_iter();
    if let Some(first) = found.next().filter(|first| first.status == Status::Optimal) {
        *best = first.open;
    }
    let plan =
        |out: Outcome| Some(further::Plan { objective: out.objective?, bound: out.bound?, open: out.open });
    further::Found { plans: found.filter_map(plan).collect(), limit }
}

/// The problem as it is posed to the search for further plans.
fn posed<'a>(
    instance: &'a Instance,
    (p, options): (u32, &LocateOptions),
    ones: &'a [u64],
) -> Option<further::Problem<'a>> {
    use further::Problem::{Center, FixedCharge, MaxCover, PartialCover, SetCover};
    let (lists, radius, costs) = match &instance.data {
        Data::Lists { lists, reach, costs } => (lists, *reach, costs),
        Data::Charges(file) if options.problem == LocateProblem::FixedCharge => {
            return Some(FixedCharge(&file.charges));
        }
        _ => return None,
    };
    Some(match options.problem {
        LocateProblem::SetCover => SetCover { lists, radius },
        LocateProblem::MaxCover => match options.budget {
            Some(budget) => MaxCover { lists, radius, costs, budget },
            None => MaxCover { lists, radius, costs: ones, budget: u64::from(p) },
        },
        LocateProblem::PartialCover => PartialCover { lists, radius, costs, least: options.demand? },
        LocateProblem::PCenter => Center { lists, p },
        _ => return None,
    })
}

impl Alternative {
    fn of(instance: &Instance, best: &[SiteIx], plan: &further::Plan) -> Self {
        let named = |s: &SiteIx| instance.sites[s.0 as usize].clone();
        let further::Plan { objective, bound, open } = plan;
        Alternative {
            status: if objective == bound { Claim::Optimal } else { Claim::Feasible },
            objective: *objective,
            bound: *bound,
            open: open.iter().map(named).collect(),
            closed_of_best: best.iter().filter(|s| open.binary_search(s).is_err()).map(named).collect(),
        }
    }
}

impl Located {
    /// Whether a limit came before all the plans that were asked for.
    pub fn is_cut_short(&self) -> bool {
        self.alternatives_stop.as_deref().is_some_and(|stop| stop != NONE_LEFT)
    }

    /// The lines on further plans.
    pub(super) fn told_further(&self, lang: Lang) -> String {
        let (Some(asked), Some(best)) = (&self.asked, self.objective) else { return String::new() };
        let (plans, sites, share) = (asked.plans, asked.sites(), asked.share(self.problem, lang));
        let n = self.alternatives.len() + 1;
        let mut lines = vec![match lang {
            Lang::Fr => format!(
                "plans : {n} sur {plans} demandés, chacun ferme au moins {sites} de chaque plan précédent et {share}"
            ),
            Lang::En => format!(
                "plans: {n} of {plans} asked, each closes at least {sites} of every earlier plan and {share}"
            ),
        }];
        lines.extend(self.alternatives.iter().zip(2..).map(|(a, i)| self.told(a, i, best, lang)));
        lines.extend(self.alternatives_stop.as_deref().map(|stop| match (stop, lang) {
            (NONE_LEFT, Lang::Fr) => {
                let worth = if self.is_large() { "de cette couverture" } else { "de ce coût" };
                format!("aucun autre plan {worth} ne diffère comme demandé : c'est prouvé par la recherche")
            }
            (NONE_LEFT, Lang::En) => {
                let worth = if self.is_large() { "coverage" } else { "cost" };
                format!("no further plan of that {worth} differs as asked: the search has proven it")
            }
            (_, Lang::Fr) => format!(
                "une limite est venue avant la fin ({}) : il peut y avoir d'autres plans, ou de meilleurs que le dernier",
                super::limit_shown(stop, lang)
            ),
            (_, Lang::En) => format!(
                "a limit came first ({}): there may be further plans, or better ones than the last",
                super::limit_shown(stop, lang)
            ),
        }));
        lines.iter().map(|line| format!("\n  {line}")).collect()
    }

    fn told(&self, plan: &Alternative, i: usize, best: u64, lang: Lang) -> String {
        let more = plan.objective.abs_diff(best);
        let sign = if self.is_large() { '−' } else { '+' };
        let percent = decimal((more as f64 / best.max(1) as f64 * 1e6).round() / 1e4, lang);
        let (objective, more) = (self.shown(plan.objective, lang), self.shown(more, lang));
        let opens: Vec<&str> =
            plan.open.iter().filter(|s| !self.open.contains(s)).map(String::as_str).collect();
        let (opens, closes) = (opens.join(" "), plan.closed_of_best.join(" "));
        let status = plan.status.as_str();
        match lang {
            Lang::Fr => format!(
                "  {i}. objectif {objective}, {sign}{more} ({sign}{percent} %), {status}   ferme {closes} ; ouvre {opens}"
            ),
            Lang::En => format!(
                "  {i}. objective {objective}, {sign}{more} ({sign}{percent} %), {status}   closes {closes}; opens {opens}"
            ),
        }
    }
}

fn decimal(value: f64, lang: Lang) -> String {
    let text = value.to_string();
    if lang == Lang::Fr { text.replace('.', ",") } else { text }
}

/// Every further plan from the instance, and how it stands to those before it.
pub(super) fn check(instance: &Instance, claimed: &Located, report: &mut Report) {
    let plans = &claimed.alternatives;
    let before = report.violations.len();
    let (Some(asked), Some(best)) = (&claimed.asked, claimed.objective) else {
        // A limit may come before any plan.
        if !plans.is_empty()
            || claimed.alternatives_stop.is_some() && claimed.alternatives_stop != claimed.limit
        {
            report.violation(Rule::PlanWithoutPlan, "/alternatives", plans.len(), "—");
        }
        return;
    };
    stop(claimed, asked, report);
    // Names that are not known were found before.
    let first = opened(instance, claimed, "/open", &claimed.open, &mut Report::default());
    let mut earlier = vec![first.clone()];
    let large = claimed.is_large();
    let beats = |a: u64, b: u64| if large { a > b } else { a < b };
    let side = if large { '≥' } else { '≤' };
    let (worst, mut known) = (asked.worst(best, large), best);
    for (plan, i) in plans.iter().zip(0..) {
        let at = |field: &str| format!("/alternatives/{i}/{field}");
        let open = opened(instance, claimed, &at("open"), &plan.open, report);
        within_budget(instance, claimed, &at("open"), &open, report);
        let worth = worth::worth(instance, claimed, &open);
        if worth != Some(plan.objective) {
            report.violation(Rule::Objective, at("objective"), plan.objective, or_dash(worth));
        }
        let named = |s: &SiteIx| instance.sites[s.0 as usize].clone();
        let closed: Vec<String> = first.difference(&open).map(named).collect();
        if closed != plan.closed_of_best {
            let told = |names: &[String]| names.join(" ");
            report.violation(Rule::Facts, at("closed_of_best"), told(&plan.closed_of_best), told(&closed));
        }
        let apart = earlier.iter().map(|e| e.difference(&open).count()).min().unwrap_or_default();
        if apart < asked.apart as usize {
            report.violation(Rule::Twice, at("open"), apart, format!("≥ {}", asked.apart));
        }
        if beats(worst, plan.objective) {
            report.violation(Rule::Budget, at("objective"), plan.objective, format!("{side} {worst}"));
        }
        // The plan before it is said to be the best of those that include this one.
        if beats(plan.objective, known) {
            let side = if large { '≤' } else { '≥' };
            report.violation(Rule::BoundRefuted, at("objective"), plan.objective, format!("{side} {known}"));
        }
        if beats(plan.objective, plan.bound) {
            report.violation(Rule::BoundSide, at("bound"), plan.bound, plan.objective);
        }
        let is_last = i + 1 == plans.len();
        let borne_out = match plan.status {
            Claim::Optimal => plan.bound == plan.objective,
            Claim::Feasible => is_last && claimed.is_cut_short(),
            _ => false,
        };
        if !borne_out {
            report.violation(Rule::StatusClaim, at("status"), plan.status.as_str(), "—");
        }
        earlier.push(open);
        known = plan.objective;
    }
    if report.violations.len() == before {
        words(claimed, asked, report);
    }
}

/// Whether what stopped the search goes with the plans that are there.
fn stop(claimed: &Located, asked: &Asked, report: &mut Report) {
    let plans = &claimed.alternatives;
    let given = plans.len() + 1;
    if given > asked.plans as usize {
        report.violation(Rule::Facts, "/alternatives", given, asked.plans);
    }
    let is_full = given == asked.plans as usize;
    let is_proven = claimed.status == Claim::Optimal && plans.iter().all(|p| p.status == Claim::Optimal);
    let borne_out = match claimed.alternatives_stop.as_deref() {
        None => is_full && is_proven,
        Some(NONE_LEFT) => !is_full && is_proven,
        Some(_) => !(is_full && is_proven) && (plans.is_empty() || claimed.status == Claim::Optimal),
    };
    if !borne_out {
        let stop = claimed.alternatives_stop.as_deref();
        report.violation(Rule::StatusClaim, "/alternatives_stop", or_dash(stop), "—");
    }
}

/// What is verified of further plans, and what is not.
fn words(claimed: &Located, asked: &Asked, report: &mut Report) {
    let (n, sites) = (claimed.alternatives.len(), asked.sites());
    let (fr, en) = if claimed.is_large() {
        (["au-dessus du", "au-dessous"], ["over", "below"])
    } else {
        (["sous le", "au-dessus"], ["below", "above"])
    };
    let within = |lang| decimal(asked.within, lang);
    if n > 0 {
        report.verified.push(Text::new(
            format!(
                "autres plans ({n}) : objectifs recomptés sur l'instance, aucun {} précédent, au plus {} % {} du meilleur ; chacun ferme au moins {sites} de chaque plan précédent",
                fr[0],
                within(Lang::Fr),
                fr[1]
            ),
            format!(
                "further plans ({n}): objectives counted again from the instance, none {} the one before, at most {} % {} the best; each closes at least {sites} of every earlier plan",
                en[0],
                within(Lang::En),
                en[1]
            ),
        ));
        report.unverified.push(Text::new(
            "bornes des autres plans : annoncées par la recherche, sans certificat",
            "bounds of further plans: claimed by the search, without a certificate",
        ));
    }
    if claimed.alternatives_stop.as_deref() == Some(NONE_LEFT) {
        report.unverified.push(Text::new(
            "aucun autre plan qui diffère comme demandé : c'est la recherche qui le dit, sans certificat",
            "no further plan that differs as asked: the search says so, without a certificate",
        ));
    }
}
