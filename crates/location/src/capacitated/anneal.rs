//! A cheap assignment of clients to open sites, each to one: simulated annealing over moves and exchanges of clients, with a toll
//! on load beyond capacity that rises while sites stay overloaded.

use super::Problem;
use crate::cover::Rng;

/// How long and how hot to anneal.
#[derive(Clone, Copy)]
pub(super) struct Heat {
    /// Moves that are tried, at most 2,000 for each client.
    pub moves: u32,
    /// First heat, in shares of the mean cost of a client.
    pub first: f64,
}

/// From anywhere.
pub(super) const LONG: Heat = Heat { moves: 400_000, first: 0.5 };
/// Around a good assignment.
pub(super) const SHORT: Heat = Heat { moves: 30_000, first: 0.05 };

struct State<'a> {
    problem: &'a Problem<'a>,
    site: Vec<usize>,
    load: Vec<u64>,
}

impl State<'_> {
    fn over(&self, j: usize, load: u64) -> f64 {
        load.saturating_sub(self.problem.capacity[j]) as f64
    }

    /// Change of overload when a site's load goes from one to another.
    fn change(&self, j: usize, less: u64, more: u64) -> f64 {
        self.over(j, self.load[j] - less + more) - self.over(j, self.load[j])
    }
}

/// Anneals from a start in which clients may overload sites. The best assignment found that keeps all capacities.
pub(super) fn anneal(
    problem: &Problem<'_>,
    open: &[bool],
    start: Vec<usize>,
    how: Heat,
    seed: u32,
) -> Option<Vec<usize>> {
    let n = start.len();
    let choices: Vec<Vec<usize>> = (0..n)
        .map(|i| {
            let mut own: Vec<_> = problem.served_by(i).filter(|p| open[p.1]).map(|p| (p.2, p.1)).collect();
            own.sort_unstable();
            own.into_iter().map(|c| c.1).collect()
        })
        .collect();
    let cost = |i: usize, j: usize| problem.charges.cost(i, j).map(|c| c as f64);
    let mut load = vec![0; open.len()];
    start.iter().zip(&problem.demand).for_each(|(j, d)| load[*j] += d);
    let mut value = start.iter().enumerate().try_fold(0.0, |a, (i, j)| Some(a + cost(i, *j)?))?;
    let mut over: f64 = (0..open.len()).map(|j| load[j].saturating_sub(problem.capacity[j]) as f64).sum();
    let mut state = State { problem, site: start, load };
    let mut best = (over == 0.0).then(|| (value, state.site.clone()));
    // What one unit of demand costs by the way, and by how much.
    let unit = (value / problem.total_demand().max(1) as f64).max(1e-3);
    let (mut heat, mut toll) = (value / n as f64 * how.first, unit);
    let moves = how.moves.min(2000u32.saturating_mul(n as u32));
    let cool = (1e-3f64).powf(1.0 / f64::from(moves));
    let mut random = Rng::new(seed);
    let share = |random: &mut Rng| (random.next() >> 11) as f64 / (1u64 << 53) as f64;
    for step in 0..moves {
        heat *= cool;
        if step % 1000 == 0 {
            toll = if over > 0.0 { toll * 1.1 } else { (toll * 0.95).max(unit * 0.1) };
        }
        let i = random.below(n);
        let (a, d) = (state.site[i], problem.demand[i]);
        // A move to a site, the near ones more often; or an exchange with a client.
        let shift = random.below(2) == 0;
        let (k, b) = if shift {
            let at = random.below(choices[i].len()).min(random.below(choices[i].len()));
            (i, choices[i][at])
        } else {
            let k = random.below(n);
            (k, state.site[k])
        };
        if a == b {
            continue;
        }
        let e = if shift { 0 } else { problem.demand[k] };
        let Some(mut gain) = cost(i, b).zip(cost(i, a)).map(|(x, y)| x - y) else { continue };
        if !shift {
            let Some(other) = cost(k, a).zip(cost(k, b)).map(|(x, y)| x - y) else { continue };
            if !problem.fits(k, a) || !problem.fits(i, b) {
                continue;
            }
            gain += other;
        }
        let more = state.change(a, d, e) + state.change(b, e, d);
        let up = gain + toll * more;
        if up > 0.0 && share(&mut random) >= (-up / heat).exp() {
            continue;
        }
        state.load[a] = state.load[a] - d + e;
        state.load[b] = state.load[b] - e + d;
        state.site[i] = b;
        if !shift {
            state.site[k] = a;
        }
        value += gain;
        over += more;
        if over == 0.0 && best.as_ref().is_none_or(|b| value < b.0 - 1e-6) {
            best = Some((value, state.site.clone()));
        }
    }
    best.map(|b| b.1)
}
