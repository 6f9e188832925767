//! First plans: a plan is at hand whatever the limits, and the solver starts from it.

use crate::lists::CostLists;
use crate::outcome::Checked;

/// Opens sites one by one, up to `most`, each time the one that covers most weight not yet covered
/// within `radius` (ties: lowest number); stops when nothing is gained.
pub(crate) fn cover(
    lists: &CostLists,
    rules: &Checked,
    radius: u32,
    most: u32,
    weight: impl Fn(u32) -> u64,
) -> Vec<bool> {
    let reach = lists.covered_by(radius);
    let mut open = rules.fixed.clone();
    let mut covered = vec![false; lists.num_clients() as usize];
    let mut gain = vec![0u64; reach.len()];
    let mut by_client = vec![Vec::new(); covered.len()];
    for (j, clients) in reach.iter().enumerate().filter(|(j, _)| rules.allowed[*j]) {
        for c in clients {
            gain[j] += weight(c.0);
            by_client[c.0 as usize].push(j);
        }
    }
    let mut take = |j: usize, gain: &mut Vec<u64>| {
        for c in &reach[j] {
            if !std::mem::replace(&mut covered[c.0 as usize], true) {
                for &other in &by_client[c.0 as usize] {
                    gain[other] -= weight(c.0);
                }
            }
        }
    };
    (0..open.len()).filter(|&j| rules.fixed[j]).for_each(|j| take(j, &mut gain));
    for _ in rules.num_fixed..most {
        let Some(best) = (0..gain.len()).rev().max_by_key(|&j| gain[j]).filter(|&j| gain[j] > 0) else {
            break;
        };
        open[best] = true;
        take(best, &mut gain);
    }
    open
}

/// Opens exactly `p` sites one by one, each time the one that serves most clients not yet served, then
/// the one that saves most weighted cost (ties: lowest number).
pub(crate) fn median(lists: &CostLists, rules: &Checked, p: u32) -> Vec<bool> {
    let mut open = rules.fixed.clone();
    for _ in rules.num_fixed..p {
        let mut gain = vec![(0u32, 0u64); open.len()];
        for client in lists.clients() {
            let now = lists.nearest(client, &open).map(|(_, c)| c);
            for (site, cost) in lists.list(client).take_while(|&(_, c)| now.is_none_or(|n| c < n)) {
                let g = &mut gain[site.0 as usize];
                match now {
                    Some(n) => g.1 += lists.weight(client) * u64::from(n - cost),
                    None => g.0 += 1,
                }
            }
        }
        let free = (0..open.len()).rev().filter(|&j| rules.allowed[j] && !open[j]);
        let Some(best) = free.max_by_key(|&j| gain[j]) else { break };
        open[best] = true;
    }
    open
}
