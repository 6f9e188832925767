//! First plans: a plan is at hand whatever the limits, and the solver starts from it.

use crate::lists::CostLists;
use crate::outcome::Checked;

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
