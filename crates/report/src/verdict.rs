//! What is claimed of a plan, in plain language.

use crate::figures::last_year;
use crate::health::{claims, goal_label, goal_value};
use crate::words::Words;
use maillage_input::Lang;
use maillage_programme::{
    GoalRecord, Hundredths, IndicatorName, ResultRecord, SiteStatus, State, Status, Zone,
};

/// The claim of page one.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    /// Class of the box: the status.
    pub class: &'static str,
    /// Two or three words.
    pub badge: String,
    /// The claim: one or two sentences.
    pub claim: String,
    /// What it means or what to do next.
    pub more: Vec<String>,
}

/// What the record claims, in words.
pub(crate) fn verdict(w: Words, record: &ResultRecord) -> Verdict {
    let badge = match record.status {
        Status::Optimal => w.t("Optimal, prouvé", "Optimal, proven"),
        Status::WithinGap | Status::Feasible if proven(record) => {
            w.t("Premier objectif optimal, prouvé", "First goal optimal, proven")
        }
        Status::WithinGap => w.t("Proche de l'optimum, prouvé", "Near-optimal, proven"),
        Status::Feasible => w.t("Plan valable, arrêté avant la preuve", "Valid plan, stopped before proof"),
        Status::Infeasible => w.t("Impossible, prouvé", "Impossible, proven"),
        Status::NoPlan => w.t("Aucun plan trouvé", "No plan found"),
    };
    let (claim, more) = match record.status {
        Status::Infeasible => infeasible(w, record),
        Status::NoPlan => no_plan(w, record),
        _ if record.programme.is_some() => claims(w, record),
        _ => (plan(w, record), split(w, record).into_iter().chain(next_goals(w, record)).collect()),
    };
    let class = if proven(record) { Status::Optimal } else { record.status }.as_str();
    Verdict { class, badge, claim, more }
}

/// Whether the first goal is proven optimal, whatever became of later ones.
pub(crate) fn proven(record: &ResultRecord) -> bool {
    let first = record.goals.first().map_or(record.status, |goal| goal.status);
    first == Status::Optimal && record.objective.is_some() && record.objective == record.bound
}

fn infeasible(w: Words, record: &ResultRecord) -> (String, Vec<String>) {
    let claim = w.t(
        "Aucun plan ne peut respecter toutes les règles du scénario : c'est prouvé.",
        "No plan can keep all the rules of the scenario: this is proven.",
    );
    let advice = if record.clash.is_empty() {
        w.t(
            "Assouplir une limite du scénario, puis relancer.",
            "Relax a limit of the scenario, then run again.",
        )
    } else {
        w.t(
            "Les règles qui suivent se contredisent : en assouplir au moins une dans le scénario, puis relancer.",
            "The rules that follow clash: relax at least one of them in the scenario, then run again.",
        )
    };
    (claim, vec![advice])
}

fn no_plan(w: Words, record: &ResultRecord) -> (String, Vec<String>) {
    let claim = match limit(w, record) {
        Some(limit) => w.t(
            &format!("Le calcul s'est arrêté ({limit}) avant de trouver un plan."),
            &format!("The search stopped ({limit}) before it found a plan."),
        ),
        None => w.t(
            "Le calcul s'est arrêté avant de trouver un plan.",
            "The search stopped before it found a plan.",
        ),
    };
    let advice = w.t(
        "Cela ne prouve pas qu'il n'en existe aucun. Accorder plus de temps, ou demander un écart plus large.",
        "This does not prove that none exists. Allow more time, or ask for a wider gap.",
    );
    (claim, vec![advice])
}

/// What stopped the solve, in words.
fn limit(w: Words, record: &ResultRecord) -> Option<String> {
    record.limit.as_deref().map(|limit| match limit {
        "time" => w.t("limite de temps", "time limit"),
        "iterations" => w.t("nombre d'itérations", "number of iterations"),
        "interrupted" => w.t("arrêt demandé", "stop requested"),
        "memory" => w.t("limite de mémoire", "memory limit"),
        other => other.to_owned(),
    })
}

/// |objective − bound| over the objective, in hundredths of a per cent, rounded upwards.
pub(crate) fn gap(objective: Hundredths, bound: Hundredths) -> u128 {
    let difference = u128::from((objective.0 - bound.0).unsigned_abs());
    (difference * 10_000).div_ceil(u128::from(objective.0.unsigned_abs()).max(1))
}

/// The first goal: what the plan reaches and what no plan can beat.
fn plan(w: Words, record: &ResultRecord) -> String {
    let (Some(objective), bound) = (record.objective, record.bound) else {
        return w.t("Ce plan respecte toutes les règles.", "This plan keeps all the rules.");
    };
    let opened = record.sites.iter().filter(|s| s.status == SiteStatus::Opened).count() as u64;
    let opened = w.count(opened, ("site", "sites"), ("site", "sites"));
    let x = w.figure(objective);
    let stopped = stopped(w, record);
    let Some(bound) = bound else {
        return format!("{stopped}{} {}", reached(w, record, &x, &opened), unknown(w));
    };
    let b = w.figure(bound);
    if proven(record) {
        return match record.problem.as_str() {
            "p-median" => w.t(
                &format!("Aucun choix de {opened} ne fait voyager moins : {x} personnes × minutes en tout. Celui-ci est optimal, c'est prouvé."),
                &format!("No choice of {opened} makes people travel less: {x} people × minutes in all. This one is optimal, and proven so."),
            ),
            "max-cover" => w.t(
                &format!("Aucun choix de {opened} ne couvre plus de {b} personnes ; celui-ci en couvre {x} : il est optimal, c'est prouvé."),
                &format!("No choice of {opened} covers more than {b} people; this one covers {x}: it is optimal, and proven so."),
            ),
            "set-cover" => w.t(
                &format!("Il faut ouvrir au moins {} pour mettre chacun à portée : ce plan n'en ouvre pas davantage, il est optimal, c'est prouvé.", sites(w, bound)),
                &format!("At least {} must open to put everyone within reach: this plan opens no more, it is optimal, and proven so.", sites(w, bound)),
            ),
            "p-center" => w.t(
                &format!("Aucun choix de {opened} ne ramène le trajet le plus long sous {b} min : celui-ci est optimal, c'est prouvé."),
                &format!("No choice of {opened} brings the longest trip below {b} min: this one is optimal, and proven so."),
            ),
            _ if record.status == Status::Optimal => w.t(
                &format!("Aucun plan ne peut rattacher plus de {b} personnes à un médecin traitant ; celui-ci en rattache {x} : il est optimal, c'est prouvé."),
                &format!("No plan can put more than {b} people on the list of a GP; this one reaches {x}: it is optimal, and proven so."),
            ),
            _ => w.t(
                &format!("Aucun plan ne peut rattacher plus de {b} personnes à un médecin traitant ; celui-ci en rattache {x} : nul ne peut faire mieux, c'est prouvé."),
                &format!("No plan can put more than {b} people on the list of a GP; this one reaches {x}: none can do better, and that is proven."),
            ),
        };
    }
    let g = w.gap(gap(objective, bound));
    let maximal = record.goals.first().is_none_or(|goal| goal.sense == "max");
    let cannot = if maximal {
        w.t(
            &format!("Aucun plan ne peut dépasser {b} : nul ne fera mieux de plus de {g}."),
            &format!("No plan can exceed {b}: none can beat this one by more than {g}."),
        )
    } else {
        w.t(
            &format!("Aucun plan ne peut descendre sous {b} : nul ne fera mieux de plus de {g}."),
            &format!("No plan can go below {b}: none can beat this one by more than {g}."),
        )
    };
    format!("{stopped}{} {cannot}", reached(w, record, &x, &opened))
}

/// That the search stopped before the proof, if it did, with a space to follow.
pub(crate) fn stopped(w: Words, record: &ResultRecord) -> String {
    match (record.status, limit(w, record)) {
        (Status::Feasible, Some(limit)) => w.t(
            &format!("Le calcul s'est arrêté avant la preuve ({limit}). "),
            &format!("The search stopped before the proof ({limit}). "),
        ),
        (Status::Feasible, None) => {
            w.t("Le calcul s'est arrêté avant la preuve. ", "The search stopped before the proof. ")
        }
        _ => String::new(),
    }
}

/// That there is no bound.
pub(crate) fn unknown(w: Words) -> String {
    w.t(
        "On ne sait pas encore de combien un autre plan pourrait faire mieux.",
        "How much better another plan could be is not known yet.",
    )
}

/// A number of sites, in words.
fn sites(w: Words, n: Hundredths) -> String {
    let whole = u64::try_from(n.0 / 100).unwrap_or(0);
    w.count(whole, ("site", "sites"), ("site", "sites"))
}

/// What the plan reaches on its first goal, as a sentence.
fn reached(w: Words, record: &ResultRecord, x: &str, opened: &str) -> String {
    match record.problem.as_str() {
        "p-median" => w.t(
            &format!("Avec {opened}, ce plan fait voyager {x} personnes × minutes en tout."),
            &format!("With {opened}, this plan makes people travel {x} people × minutes in all."),
        ),
        "max-cover" => w.t(
            &format!("Avec {opened}, ce plan couvre {x} personnes."),
            &format!("With {opened}, this plan covers {x} people."),
        ),
        "set-cover" => w.t(
            &format!("Ce plan met chacun à portée avec {opened}."),
            &format!("This plan puts everyone within reach with {opened}."),
        ),
        "p-center" => w.t(
            &format!("Avec {opened}, le trajet le plus long est de {x} min."),
            &format!("With {opened}, the longest trip takes {x} min."),
        ),
        _ => w.t(
            &format!("Ce plan rattache {x} personnes à un médecin traitant."),
            &format!("This plan puts {x} people on the list of a GP."),
        ),
    }
}

/// How many of the people attached live in the territory itself and around it, when both are in scope.
pub(crate) fn split(w: Words, record: &ResultRecord) -> Option<String> {
    let year = last_year(record);
    let people = |zone: &Zone| {
        let of_year = record.indicators.iter().filter(|i| i.year == year);
        let mut after = of_year.filter(|i| i.state == State::After && i.zone == *zone);
        after.find(|i| i.indicator == IndicatorName::PeopleAttached).map(|i| w.figure(i.value))
    };
    let (core, around) = people(&Zone::Core).zip(people(&Zone::Around))?;
    let (fr, en) = year.map(|y| (format!(" en {y}"), format!(" in {y}"))).unwrap_or_default();
    Some(w.t(
        &format!("Parmi les personnes rattachées{fr}, {core} vivent dans le territoire et {around} autour."),
        &format!("Of the people attached{en}, {core} live in the territory and {around} around it."),
    ))
}

/// One sentence for each goal after the first.
pub(crate) fn next_goals(w: Words, record: &ResultRecord) -> Vec<String> {
    // A stop before the proof of the first goal is told with it.
    let stop = if proven(record) { limit(w, record) } else { None };
    let yearly = record.programme.is_some();
    record.goals.iter().skip(1).filter_map(|goal| next_goal(w, goal, stop.as_deref(), yearly)).collect()
}

fn next_goal(w: Words, goal: &GoalRecord, stop: Option<&str>, yearly: bool) -> Option<String> {
    let (objective, bound) = (goal.objective?, goal.bound);
    let x = w.figure(objective);
    let what = match goal.goal.as_str() {
        "travel-time" if !yearly => w.t(
            &format!("Ensuite, sans rattacher moins de monde : trajets les plus courts, {x} personnes × minutes en tout"),
            &format!("Then, without attaching fewer people: shortest trips, {x} people × minutes in all"),
        ),
        _ => {
            let (label, x) = (goal_label(w, &goal.goal), goal_value(w, goal, objective));
            w.t(&format!("Ensuite, {label} : {x}"), &format!("Then, {label}: {x}"))
        }
    };
    let claim = match bound {
        Some(bound) if goal.status == Status::Optimal && bound == objective => {
            w.t("optimal, c'est prouvé.", "optimal, and proven so.")
        }
        Some(bound) => {
            let g = w.gap(gap(objective, bound));
            w.t(&format!("nul ne fera mieux de plus de {g}."), &format!("none can beat it by more than {g}."))
        }
        None => w.t("sans preuve.", "without proof."),
    };
    let stop = match stop {
        Some(stop) if goal.status == Status::Feasible => format!(" ({stop})"),
        _ => String::new(),
    };
    Some(match w.0 {
        Lang::Fr => format!("{what}{stop}\u{202f}; {claim}"),
        Lang::En => format!("{what}{stop}; {claim}"),
    })
}
