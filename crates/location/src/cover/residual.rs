//! What search and relaxation leave open goes to the MILP solver, whole.

use super::coefficients::{Coefficients, covered};
use super::instance::Instance;
use super::search::Aim;
use maillage_milp::{
    Expression, LimitReached, Limits, Model, Progress, Reason, Sense, SolverFailure, Variable,
    solve as solve_milp, variable, whole_bound,
};
use std::time::Instant;

/// What the solver says of an instance.
pub(crate) struct Residual {
    /// Sites of the instance.
    pub chosen: Option<Vec<u32>>,
    /// Weight or cost, with what is open anyway, that no plan beats.
    pub bound: Option<u64>,
    pub limit: Option<LimitReached>,
}

/// Solves an instance that holds a plan of value `known` (weight or cost, with what is open anyway). A
/// claim against that plan is asked again, and proves nothing if it stands: weights too far apart are beyond the solver's floats.
///
/// # Errors
/// [`SolverFailure`].
pub(crate) fn finish(
    it: &Instance,
    aim: Aim,
    known: u64,
    limits: &Limits,
    started: Instant,
    watch: &mut dyn FnMut(&Progress),
) -> Result<Residual, SolverFailure> {
    let mut limits = limits.clone();
    limits.time = limits.time.map(|t| t.saturating_sub(started.elapsed()));
    let first = once(it, aim, &limits, started, watch)?;
    if first.contradicts(aim, known) {
        limits.cautious = true;
        let second = once(it, aim, &limits, started, watch)?;
        if second.contradicts(aim, known) {
            let limit = Some(LimitReached::Other("the solver's claim is beaten by a plan".into()));
            return Ok(Residual { chosen: None, bound: None, limit });
        }
        return Ok(second.residual);
    }
    Ok(first.residual)
}

struct Claim {
    residual: Residual,
    infeasible: bool,
}

impl Claim {
    fn contradicts(&self, aim: Aim, known: u64) -> bool {
        let beaten = |b: u64| if aim == Aim::Most { b < known } else { b > known };
        self.infeasible || self.residual.bound.is_some_and(beaten)
    }
}

fn once(
    it: &Instance,
    aim: Aim,
    limits: &Limits,
    started: Instant,
    watch: &mut dyn FnMut(&Progress),
) -> Result<Claim, SolverFailure> {
    let (model, y, unit) = model(it, aim);
    let sense = model.sense();
    let anyway = if aim == Aim::Most { it.base } else { it.spent };
    let used = (it.num_sites() + it.num_classes() + 10) as f64;
    // Objectives are whole numbers of units: nearer than one, nothing is left to find.
    let limits = Limits { abs_gap: limits.abs_gap.max(0.9 * unit), ..limits.clone() };
    let mut on = |p: &Progress| {
        let real = |v: Option<f64>| v.map(|v| v / unit + anyway as f64);
        let (incumbent, bound) = (real(p.incumbent), real(p.bound));
        let gap = incumbent.zip(bound).map(|(i, b)| (i - b).abs() / i.abs().max(1.0));
        watch(&Progress { elapsed: started.elapsed().as_secs_f64(), incumbent, bound, gap, nodes: p.nodes });
    };
    let out = solve_milp(model, &limits, None, &mut on)?;
    let whole = |b: f64| u64::try_from(whole_bound(sense, b / unit, used / unit)).unwrap_or(0);
    let bound = out.bound.map(|b| anyway.saturating_add(whole(b)));
    let open =
        |v: maillage_milp::Solution| (0u32..).zip(&y).filter(|(_, y)| v.is_on(**y)).map(|(j, _)| j).collect();
    Ok(Claim {
        infeasible: matches!(
            out.reason,
            Reason::Infeasible | Reason::InfeasibleOrUnbounded | Reason::Unbounded
        ),
        residual: Residual { chosen: out.values.map(open), bound, limit: out.limit },
    })
}

/// The last is the unit of the objective.
fn model(it: &Instance, aim: Aim) -> (Model, Vec<Variable>, f64) {
    let (weight, cost) = match aim {
        Aim::Most => (Coefficients::of_objective(&it.weight), Coefficients::of_row(&it.cost)),
        Aim::Cheapest(_) => (Coefficients::of_row(&it.weight), Coefficients::of_objective(&it.cost)),
    };
    let mut model = Model::new(if aim == Aim::Most { Sense::Maximise } else { Sense::Minimise });
    let y: Vec<Variable> = it.cost.iter().map(|_| model.add(variable().binary())).collect();
    let classes = it.by_class.rows().zip(it.weight.iter().copied());
    let covered = covered(&mut model, &y, classes, &weight);
    let mut spent = Expression::with_capacity(y.len());
    y.iter().zip(&it.cost).for_each(|(y, &c)| spent.add_mul(cost.down(c), *y));
    match aim {
        Aim::Most => {
            model.set_objective(covered);
            model.subject_to(spent.leq(cost.down(it.budget.min(1 << 50))));
            (model, y, weight.unit)
        }
        Aim::Cheapest(least) => {
            model.set_objective(spent);
            model.subject_to(covered.geq(weight.down(least.saturating_sub(it.base))));
            (model, y, cost.unit)
        }
    }
}
