//! From an instance to a result.

use super::alternatives::{self, Further};
use super::instance::{self, Data, Instance};
use super::proof::{self, LocateCertificate, ProofKind, Terms};
use super::{LocateOptions, LocateProblem, Located, Rounding, Served};
use crate::machine;
use crate::run::{Event, RunFailure};
use crate::siting::limit_name;
use maillage_input::{Code, Problem, Problems, Text};
use maillage_location::read::ChargeFile;
use maillage_location::{
    ChargeError, ChargeOutcome, ClientIx, CostLists, Impossible, LimitReached, Limits, ListError, Outcome,
    Points, ProblemError, Progress, Rules, SiteIx, SolverFailure, Status, backup_cover, capacitated, cover,
    fixed_charge, max_cover, p_center, p_median, partial_cover, set_cover,
};
use maillage_programme::{SolverRecord, Status as Claim};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

/// The end of any solve.
struct End {
    status: Status,
    limit: Option<LimitReached>,
    objective: Option<u64>,
    bound: Option<u64>,
    open: Vec<SiteIx>,
    /// By client; empty where the nearest open site serves.
    served: Vec<Vec<(SiteIx, Option<u64>)>>,
    certificate: Option<LocateCertificate>,
}

impl From<Outcome> for End {
    fn from(out: Outcome) -> Self {
        let Outcome { status, limit, objective, bound, open, .. } = out;
        End { status, limit, objective, bound, open, served: Vec::new(), certificate: None }
    }
}

impl End {
    fn charged<A>(
        out: ChargeOutcome<A>,
        kind: ProofKind,
        served: impl Fn(A) -> Vec<(SiteIx, Option<u64>)>,
    ) -> Self {
        let ChargeOutcome { status, limit, objective, bound, open, .. } = out;
        let certificate = out.certificate.map(|c| LocateCertificate::of_charges(kind, c));
        let served = out.assignment.into_iter().map(served).collect();
        End { status, limit, objective, bound, open, served, certificate }
    }
}

/// Why a solve had no end.
pub(super) enum Stop {
    Input(Problem),
    Solver(SolverFailure),
}

impl From<SolverFailure> for Stop {
    fn from(e: SolverFailure) -> Self {
        Stop::Solver(e)
    }
}

impl From<ProblemError> for Stop {
    fn from(e: ProblemError) -> Self {
        let fr = match e {
            ProblemError::NoClient => "aucun client".to_owned(),
            ProblemError::NoSiteToOpen => "aucun site à ouvrir : --p vaut 0".to_owned(),
            ProblemError::TooFewAllowed { allowed, p } => {
                format!("{p} sites à ouvrir, mais {allowed} seulement existent")
            }
            other => other.to_string(),
        };
        unfit(&fr, e)
    }
}

impl From<cover::CostError> for Stop {
    fn from(e: cover::CostError) -> Self {
        match e {
            cover::CostError::Problem(e) => e.into(),
            cover::CostError::TooLarge => unfit("la somme des coûts dépasse 2^40", e),
            other => unfit(&other.to_string(), other),
        }
    }
}

impl From<ChargeError> for Stop {
    fn from(e: ChargeError) -> Self {
        match e {
            ChargeError::TotalTooLarge => unfit("la somme des coûts est trop grande", e),
            ChargeError::AmountTooLarge => unfit("la somme des demandes dépasse 2^40", e),
            other => unfit(&other.to_string(), other),
        }
    }
}

impl From<p_center::PointsError> for Stop {
    fn from(e: p_center::PointsError) -> Self {
        use p_center::PointsError::{NoSiteToOpen, TooWide};
        match e {
            NoSiteToOpen => ProblemError::NoSiteToOpen.into(),
            TooWide => unfit("les points sont à plus de 2^31 unités l'un de l'autre", e),
            other => unfit(&other.to_string(), other),
        }
    }
}

impl From<p_median::PlaneFailure> for Stop {
    fn from(e: p_median::PlaneFailure) -> Self {
        match e {
            p_median::PlaneFailure::Problem(e) => e.into(),
            p_median::PlaneFailure::Solver(e) => e.into(),
            p_median::PlaneFailure::Lists(e @ ListError::TotalTooLarge) => {
                unfit("la somme des poids fois coûts dépasse 2^53", e)
            }
            p_median::PlaneFailure::Lists(e) => unfit(&e.to_string(), e),
        }
    }
}

fn unfit(fr: &str, en: impl std::fmt::Display) -> Stop {
    Stop::Input(
        Problem::error(Code::Contradiction, Text::new(fr, en.to_string()))
            .remedy(Text::new("corriger --p ou l'instance", "mend --p or the instance")),
    )
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
    instance::asked(options)?;
    let instance = instance::open(path, options)?;
    let p = instance::number_of_sites(options, &instance)?;
    alternatives::fits(options, &instance, p)?;
    let run = &options.run;
    let limits = Limits {
        time: run.time_limit_s.and_then(|s| Duration::try_from_secs_f64(s).ok()),
        rel_gap: run.gap.unwrap_or(0.0),
        threads: run.threads.unwrap_or(1),
        seed: run.seed.unwrap_or(0),
        stop: run.stop.clone(),
        ..Limits::default()
    };
    let (scale, squared) = instance.unit(options.problem);
    // Distances are told as such; other values in parts of the unit.
    let parts = if squared { 1.0 } else { f64::from(scale) };
    let mut on = |p: &Progress| {
        watch(&Event {
            goal: options.problem.as_str().to_owned(),
            elapsed: p.elapsed,
            incumbent: p.incumbent.map(|v| v / parts),
            bound: p.bound.map(|v| v / parts),
            gap: p.gap,
        });
    };
    let (mut end, further) = match solve(&instance, options, p.unwrap_or_default(), &limits, &mut on) {
        Ok(done) => done,
        Err(Stop::Input(problem)) => return Err(problem.into()),
        Err(Stop::Solver(failure)) => return Ok(Err(failure.into())),
    };
    // What is written is what a check will count.
    end.certificate = end.certificate.and_then(|c| {
        let terms = Terms { p, budget: options.budget, demand: options.demand, times: options.times };
        let bound = proof::recount(&instance, options.problem, terms, &c)?;
        Some(LocateCertificate { bound, ..c })
    });
    let gap = end.objective.zip(end.bound).map(|(o, b)| Located::gap_between(o, b, squared));
    Ok(Ok(Located {
        schema_version: 1,
        maillage_version: env!("CARGO_PKG_VERSION").to_owned(),
        instance: path.to_string_lossy().into_owned(),
        format: options.format,
        problem: options.problem,
        p,
        radius: options.radius.map(|r| r.units),
        radius_scale: options.radius.map_or(1, |r| r.scale),
        demand: options.demand,
        times: options.times,
        budget: options.budget,
        capacity: options.capacity,
        weights: options.weights.as_ref().map(|w| w.to_string_lossy().into_owned()),
        rounding: Rounding::of(options.format, options.problem),
        status: claim(&end.status),
        limit: end.limit.as_ref().map(limit_word),
        reason: reason(&instance, &end),
        scale,
        squared,
        objective: end.objective,
        bound: end.bound,
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
        open: end.open.iter().map(|s| instance.sites[s.0 as usize].clone()).collect(),
        assignment: rows(&instance, &end),
        certificate: end.certificate,
        asked: further.asked,
        alternatives: further.plans,
        alternatives_stop: further.stop,
        seal: BTreeMap::new(),
    }))
}

/// The best plan, and those beside it.
fn solve(
    instance: &Instance,
    options: &LocateOptions,
    p: u32,
    limits: &Limits,
    on: &mut dyn FnMut(&Progress),
) -> Result<(End, Further), Stop> {
    let started = Instant::now();
    let mut end = match &instance.data {
        Data::Plane(points) => on_plane(points, options.problem, p, limits, on)?,
        Data::Charges(file) => with_charges(file, options.problem, limits, on)?,
        Data::Lists { lists, reach, costs } => on_lists(lists, *reach, costs, options, p, limits, on)?,
    };
    let left = Limits { time: limits.time.map(|t| t.saturating_sub(started.elapsed())), ..limits.clone() };
    let ended = (&end.status, end.limit.as_ref());
    let further = alternatives::seek(instance, (p, options), ended, &mut end.open, &left, on)?;
    if let Data::Charges(file) = &instance.data
        && further.asked.is_some()
        && end.objective.is_some()
    {
        end.served = cheapest(file, &end.open);
    }
    Ok((end, further))
}

/// Every client at its cheapest open site.
fn cheapest(file: &ChargeFile, open: &[SiteIx]) -> Vec<Vec<(SiteIx, Option<u64>)>> {
    let of = |i: usize| {
        let costs = open.iter().filter_map(|s| Some((file.charges.cost(i, s.0 as usize)?, *s)));
        costs.min().map(|(_, site)| (site, None)).into_iter().collect()
    };
    (0..file.charges.num_clients()).map(of).collect()
}

/// The word for a limit in results.
pub(super) fn limit_word(limit: &LimitReached) -> String {
    match limit {
        // No limit that anyone set: the reason says what it was.
        LimitReached::Other(_) => "unproven".to_owned(),
        limit => limit_name(limit),
    }
}

pub(super) fn claim(status: &Status) -> Claim {
    match status {
        Status::Optimal => Claim::Optimal,
        Status::WithinGap => Claim::WithinGap,
        Status::Feasible => Claim::Feasible,
        Status::Infeasible(_) => Claim::Infeasible,
        Status::NoPlan => Claim::NoPlan,
    }
}

fn rows(instance: &Instance, end: &End) -> Vec<Served> {
    let row = |client: &String, (site, amount): &(SiteIx, Option<u64>)| Served {
        client: client.clone(),
        site: instance.sites[site.0 as usize].clone(),
        amount: *amount,
    };
    let clients = instance.clients.iter().zip(&end.served);
    clients.flat_map(|(client, parts)| parts.iter().map(move |part| row(client, part))).collect()
}

fn on_lists(
    lists: &CostLists,
    reach: u32,
    costs: &[u64],
    options: &LocateOptions,
    p: u32,
    limits: &Limits,
    on: &mut dyn FnMut(&Progress),
) -> Result<End, Stop> {
    let none = Rules::default();
    Ok(match options.problem {
        LocateProblem::PMedian => {
            let problem = p_median::Problem::new(lists, p, none)?;
            let (out, certificate) = p_median::solve_with_certificate(&problem, limits, on)?;
            End { certificate: certificate.map(LocateCertificate::of_median), ..out.into() }
        }
        LocateProblem::PCenter => {
            let problem = p_center::Problem::new(lists, p, none)?;
            let (out, certificate) = p_center::solve_with_certificate(&problem, limits, on)?;
            End { certificate: certificate.map(LocateCertificate::of_center), ..out.into() }
        }
        LocateProblem::MaxCover => {
            let problem = proof::maximal(lists, reach, costs, Some(p), options.budget)?;
            let (out, shares) = max_cover::solve_with_shares(&problem, limits, on)?;
            End { certificate: Some(LocateCertificate::of_cover(ProofKind::MaxCover, shares)), ..out.into() }
        }
        LocateProblem::SetCover => {
            let problem = set_cover::Problem::new(lists, reach, none)?;
            let (out, pays) = set_cover::solve_with_payments(&problem, limits, on)?;
            // Nothing is paid when there is no plan.
            End { certificate: Some(LocateCertificate::of_cover(ProofKind::SetCover, pays)), ..out.into() }
        }
        LocateProblem::PartialCover => {
            let least = options.demand.unwrap_or_default();
            let problem = partial_cover::Problem::with_costs(lists, costs.to_vec(), least, reach, none)?;
            let (out, prices) = partial_cover::solve_with_prices(&problem, limits, on)?;
            let certificate = prices.map(|p| LocateCertificate::of_cover(ProofKind::PartialCover, p));
            End { certificate, ..out.into() }
        }
        LocateProblem::BackupCover => {
            let problem = backup_cover::Problem::new(lists, reach, none)?;
            let (out, certificate) = match options.times {
                Some(times) => backup_cover::fewest_with_certificate(&problem, times, limits, on)?,
                None => backup_cover::most_with_certificate(&problem, p, limits, on)?,
            };
            End { certificate: certificate.map(LocateCertificate::of_backup), ..out.into() }
        }
        LocateProblem::FixedCharge | LocateProblem::Capacitated | LocateProblem::SingleSource => {
            return Err(elsewhere());
        }
    })
}

fn on_plane(
    points: &Points,
    problem: LocateProblem,
    p: u32,
    limits: &Limits,
    on: &mut dyn FnMut(&Progress),
) -> Result<End, Stop> {
    if problem == LocateProblem::PMedian {
        let weights = vec![1; points.len()];
        let (out, certificate) = p_median::solve_plane_with_certificate(points, weights, p, limits, on)?;
        return Ok(End { certificate: certificate.map(LocateCertificate::of_median), ..out.into() });
    }
    if problem != LocateProblem::PCenter {
        return Err(elsewhere());
    }
    let problem = p_center::PointsProblem::new(points, p)?;
    let (out, certificate) = p_center::solve_points_with_certificate(&problem, limits, on)?;
    let undecided = || (out.status == Status::Feasible).then(|| LimitReached::Other("undecided".into()));
    Ok(End {
        limit: out.limit.clone().or_else(undecided),
        status: out.status,
        objective: out.squared,
        bound: Some(out.squared_bound),
        open: out.open,
        served: Vec::new(),
        certificate: certificate.map(LocateCertificate::of_center),
    })
}

fn with_charges(
    file: &ChargeFile,
    problem: LocateProblem,
    limits: &Limits,
    on: &mut dyn FnMut(&Progress),
) -> Result<End, Stop> {
    if problem == LocateProblem::FixedCharge {
        let out = fixed_charge::solve(&fixed_charge::Problem::new(&file.charges)?, limits, on)?;
        return Ok(End::charged(out, ProofKind::FixedCharge, |site| vec![(site, None)]));
    }
    let sharing = match problem {
        LocateProblem::Capacitated => capacitated::Sharing::Split,
        LocateProblem::SingleSource => capacitated::Sharing::Single,
        _ => return Err(elsewhere()),
    };
    let Some(amounts) = &file.amounts else { return Err(elsewhere()) };
    let problem = capacitated::Problem::new(&file.charges, &amounts.capacity, &amounts.demand, sharing)?;
    let out = capacitated::solve(&problem, limits, on)?;
    let amounts = |parts: Vec<(SiteIx, u64)>| parts.into_iter().map(|(s, a)| (s, Some(a))).collect();
    Ok(End::charged(out, ProofKind::Capacitated, amounts))
}

/// A problem that this instance cannot have: options were held against each other before.
pub(super) fn elsewhere() -> Stop {
    unfit("le problème ne va pas avec l'instance", "the problem does not go with the instance")
}

fn reason(instance: &Instance, end: &End) -> Option<Text> {
    if let Some(LimitReached::Other(what)) = &end.limit {
        return Some(Text::new(
            format!("la recherche s'est arrêtée sans preuve, sans qu'une limite soit atteinte ({what})"),
            format!("the search ended without a proof, though no limit was reached ({what})"),
        ));
    }
    match &end.status {
        Status::Infeasible(Impossible::Unreachable(clients)) => {
            let size = |c: &ClientIx| instance.class_sizes.get(c.0 as usize).copied().unwrap_or(1);
            let n: u64 = clients.iter().map(size).sum();
            let names: Vec<&str> =
                clients.iter().take(5).map(|c| instance.clients[c.0 as usize].as_str()).collect();
            let more = if n > names.len() as u64 { ", …" } else { "" };
            let names = names.join(", ");
            Some(Text::new(
                format!("clients qu'aucun site ne peut servir ({n}) : {names}{more}"),
                format!("clients that no site can serve ({n}): {names}{more}"),
            ))
        }
        Status::Infeasible(Impossible::NotWith { .. }) if matches!(instance.data, Data::Charges(_)) => {
            Some(Text::new(
                "les capacités ne suffisent pas à servir tous les clients",
                "the capacities do not suffice to serve every client",
            ))
        }
        Status::Infeasible(Impossible::NotWith { p }) => Some(Text::new(
            format!("avec p = {p}, tous les clients ne peuvent pas être servis"),
            format!("with p = {p} not every client can be served"),
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_without_proof_or_limit_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("costs.csv");
        std::fs::write(&file, "from_id,to_id,cost\na,x,1\n").unwrap();
        let options = LocateOptions::new(super::super::LocateFormat::Csv, LocateProblem::PMedian);
        let instance = instance::open(&file, &options).unwrap();
        let limit = LimitReached::Other("too coarse".to_owned());
        assert_eq!(limit_word(&limit), "unproven");
        assert_eq!(limit_word(&LimitReached::Time), "time");
        let mut end = End::from(Outcome {
            status: Status::Feasible,
            objective: Some(2),
            bound: Some(1),
            open: vec![SiteIx(0)],
            assignment: Vec::new(),
            limit: Some(limit),
            seconds: 0.0,
        });
        let said = reason(&instance, &end).unwrap();
        assert!(
            said.get(maillage_input::Lang::En).contains("without a proof") && said.fr.contains("sans preuve")
        );
        end.limit = Some(LimitReached::Time);
        assert_eq!(reason(&instance, &end), None);
    }
}
