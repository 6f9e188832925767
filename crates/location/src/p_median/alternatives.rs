//! The best plans that differ.

use super::{Problem, marked, search};
use crate::outcome::{Alternatives, Outcome};
use maillage_milp::{Limits, Progress, SolverFailure};
use std::time::Instant;

/// The best plan, then the best among those that differ from it as asked, and so on. Each has its own bound, which holds for
/// the plans that differ from those before it. Shorter than asked where no further plan is cheap enough; where a limit comes
/// first the last outcome says so.
///
/// ```
/// use maillage_location::{Alternatives, CostLists, Limits, Rules, p_median};
/// // Four villages on a road, 5 km apart: where could the one centre go?
/// let rows: Vec<Vec<Option<u32>>> =
///     (0..4i32).map(|i| (0..4i32).map(|j| Some(5 * i.abs_diff(j))).collect()).collect();
/// let lists = CostLists::from_dense(&rows, vec![100; 4])?;
/// let problem = p_median::Problem::new(&lists, 1, Rules::default())?;
/// let asked = Alternatives { count: 4, within: 0.2, apart: 1 };
/// let plans = p_median::alternatives(&problem, asked, &Limits::default(), &mut |_| ())?;
/// // 2,000 in the second and in the third village; 3,000 at either end is more than a fifth dearer.
/// assert_eq!(plans.iter().map(|p| p.objective).collect::<Vec<_>>(), [Some(2000), Some(2000)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`SolverFailure`].
pub fn alternatives(
    problem: &Problem<'_>,
    asked: Alternatives,
    limits: &Limits,
    watch: &mut dyn FnMut(&Progress),
) -> Result<Vec<Outcome>, SolverFailure> {
    let started = Instant::now();
    let mut problem = problem.clone();
    let mut plans: Vec<Outcome> = Vec::new();
    while plans.len() < asked.count as usize {
        let first =
            plans.last().map(|p| marked(problem.lists, &p.open.iter().map(|s| s.0).collect::<Vec<_>>()));
        let left =
            Limits { time: limits.time.map(|t| t.saturating_sub(started.elapsed())), ..limits.clone() };
        let (mut out, _) =
            search(&problem, &left, Instant::now(), watch, first.into_iter().collect(), false)?;
        if plans.is_empty() {
            problem.below = out.objective.map(|best| asked.most(best).saturating_add(1));
        }
        let over = out.objective.is_none() || out.limit.is_some();
        let stay = problem.p.checked_sub(asked.apart.max(1));
        problem.unlike.extend(stay.map(|most| (out.open.clone(), most)));
        if plans.is_empty() || out.limit.is_some() || out.objective.is_some() {
            out.seconds = started.elapsed().as_secs_f64();
            plans.push(out);
        }
        if over || stay.is_none() {
            break;
        }
    }
    Ok(plans)
}
