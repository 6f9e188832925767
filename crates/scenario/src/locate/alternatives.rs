//! The best p-median plans that differ: sought, told, and counted again.

use super::check::{opened, or_dash};
use super::instance::Instance;
use super::solve::{Stop, claim, limit_word};
use super::{LocateFormat, LocateOptions, LocateProblem, Located, worth};
use maillage_check::{Report, Rule};
use maillage_input::{Code, Lang, Problem, Problems, Text};
use maillage_location::{
    Alternatives, CostLists, LimitReached, Limits, Outcome, Progress, Rules, SiteIx, Status, p_median,
};
use maillage_programme::Status as Claim;
use serde::{Deserialize, Serialize};

/// Why there are fewer plans than asked, where no limit came first.
const NONE_LEFT: &str = "none-left";
/// Largest share, in percent.
const MOST_WITHIN: f64 = 1e6;
/// Formats whose plans may be many.
const FORMATS: [LocateFormat; 2] = [LocateFormat::OrlibPmed, LocateFormat::Csv];

/// Which further plans were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// How many plans, the best among them.
    pub(super) plans: u32,
    /// How many sites of each plan are closed in every later one.
    pub(super) apart: u32,
    /// How much dearer than the best a plan may be, in percent of it.
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

    /// What a plan may cost beside the best. Shares are exact to a billionth.
    fn most(&self, best: u64) -> u64 {
        let billionths = (self.within / 100.0 * 1e9).round() as u128;
        u64::try_from(u128::from(best) * (1_000_000_000 + billionths) / 1_000_000_000).unwrap_or(u64::MAX)
    }
}

/// A plan beside the best one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    if options.problem != LocateProblem::PMedian || !FORMATS.contains(&options.format) {
        let (problem, format) = (options.problem.as_str(), options.format.as_str());
        let fit = FORMATS.map(LocateFormat::as_str).join(", ");
        problems.push(
            Problem::error(
                Code::Contradiction,
                Text::new(
                    format!("l'option --plans ne va pas avec le problème {problem} au format {format}"),
                    format!("option --plans does not go with problem {problem} in format {format}"),
                ),
            )
            .remedy(Text::new(
                format!("--plans va avec le problème p-median aux formats {fit}"),
                format!("--plans goes with problem p-median in formats {fit}"),
            )),
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

/// Refuses plans that differ in more sites than they have.
pub(super) fn fits(options: &LocateOptions, p: Option<u32>) -> Result<(), Problem> {
    let Some((asked, p)) = Asked::of(options).zip(p).filter(|(asked, p)| asked.apart > *p) else {
        return Ok(());
    };
    Err(Problem::error(
        Code::Contradiction,
        Text::new(
            format!("--apart {} dépasse le nombre de sites d'un plan, {p}", asked.apart),
            format!("--apart {} is more than the sites of a plan, {p}", asked.apart),
        ),
    )
    .remedy(Text::new("baisser --apart", "lower --apart")))
}

/// Plans beside the best one, given how that one ended.
pub(super) fn seek(
    instance: &Instance,
    lists: &CostLists,
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
    let problem = p_median::Problem::new(lists, p, Rules::default())?;
    let found = p_median::alternatives(&problem, wanted, limits, on)?;
    let limit = found.last().and_then(|last| last.limit.as_ref());
    further.stop = match limit {
        Some(limit) => Some(limit_word(limit)),
        None => (found.len() < plans as usize).then(|| NONE_LEFT.to_owned()),
    };
    let mut found = found.into_iter();
    if let Some(first) = found.next().filter(|first| first.status == Status::Optimal) {
        // The others differ from this one.
        *best = first.open;
    }
    further.plans = found.filter_map(|out| Alternative::of(instance, best, &out)).collect();
    Ok(further)
}

impl Alternative {
    fn of(instance: &Instance, best: &[SiteIx], out: &Outcome) -> Option<Self> {
        let named = |s: &SiteIx| instance.sites[s.0 as usize].clone();
        Some(Alternative {
            status: claim(&out.status),
            objective: out.objective?,
            bound: out.bound?,
            open: out.open.iter().map(named).collect(),
            closed_of_best: best.iter().filter(|s| out.open.binary_search(s).is_err()).map(named).collect(),
        })
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
        let Asked { plans, within, .. } = asked;
        let sites = asked.sites();
        let n = self.alternatives.len() + 1;
        let mut lines = vec![match lang {
            Lang::Fr => format!(
                "plans : {n} sur {plans} demandés, chacun ferme au moins {sites} de chaque plan précédent et coûte au plus {} % de plus que le meilleur",
                decimal(*within, lang)
            ),
            Lang::En => format!(
                "plans: {n} of {plans} asked, each closes at least {sites} of every earlier plan and costs at most {within} % more than the best"
            ),
        }];
        lines.extend(self.alternatives.iter().zip(2..).map(|(a, i)| self.told(a, i, best, lang)));
        lines.extend(self.alternatives_stop.as_deref().map(|stop| match (stop, lang) {
            (NONE_LEFT, Lang::Fr) => {
                "aucun autre plan de ce coût ne diffère comme demandé : c'est prouvé par la recherche".to_owned()
            }
            (NONE_LEFT, Lang::En) => {
                "no further plan of that cost differs as asked: the search has proven it".to_owned()
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
        let more = plan.objective.saturating_sub(best);
        let percent = decimal((more as f64 / best.max(1) as f64 * 1e6).round() / 1e4, lang);
        let (objective, more) = (self.shown(plan.objective, lang), self.shown(more, lang));
        let opens: Vec<&str> =
            plan.open.iter().filter(|s| !self.open.contains(s)).map(String::as_str).collect();
        let (opens, closes) = (opens.join(" "), plan.closed_of_best.join(" "));
        let status = plan.status.as_str();
        match lang {
            Lang::Fr => format!(
                "  {i}. objectif {objective}, +{more} (+{percent} %), {status}   ferme {closes} ; ouvre {opens}"
            ),
            Lang::En => format!(
                "  {i}. objective {objective}, +{more} (+{percent} %), {status}   closes {closes}; opens {opens}"
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
    let mut least = best;
    for (plan, i) in plans.iter().zip(0..) {
        let at = |field: &str| format!("/alternatives/{i}/{field}");
        let open = opened(instance, claimed, &at("open"), &plan.open, report);
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
        let most = asked.most(best);
        if plan.objective > most {
            report.violation(Rule::Budget, at("objective"), plan.objective, format!("≤ {most}"));
        }
        // The plan before it is said to be the best of those that include this one.
        if plan.objective < least {
            report.violation(Rule::BoundRefuted, at("objective"), plan.objective, format!("≥ {least}"));
        }
        if plan.bound > plan.objective {
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
        least = plan.objective;
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
    let (n, within, sites) = (claimed.alternatives.len(), asked.within, asked.sites());
    if n > 0 {
        report.verified.push(Text::new(
            format!(
                "autres plans ({n}) : objectifs recomptés sur l'instance, aucun sous le précédent, au plus {} % au-dessus du meilleur ; chacun ferme au moins {sites} de chaque plan précédent",
                decimal(within, Lang::Fr)
            ),
            format!(
                "further plans ({n}): objectives counted again from the instance, none below the one before, at most {within} % above the best; each closes at least {sites} of every earlier plan"
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
