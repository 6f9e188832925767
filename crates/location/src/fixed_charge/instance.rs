//! Charges the way the search wants them: signed, by client and by site, nearest sites first.

use crate::charges::{ABSENT, Charges};

/// Charges as signed numbers. Where a site cannot serve, the cost is [`Instance::never`].
pub(super) struct Instance {
    pub clients: usize,
    pub sites: usize,
    pub opening: Vec<i64>,
    /// Costs of a client by site.
    by_client: Vec<i64>,
    /// Costs of a site by client.
    by_site: Vec<i64>,
    /// Sites of a client, nearest first, those that cannot serve it last.
    order: Vec<u32>,
    /// More than any plan costs; as many times as there are clients, it fits.
    pub never: i64,
}

impl Instance {
    pub fn new(charges: &Charges, never: i64) -> Self {
        let (n, m) = (charges.num_clients(), charges.num_sites());
        let signed = |cost: u64| if cost == ABSENT { never } else { cost as i64 };
        let by_client: Vec<i64> = (0..n).flat_map(|i| charges.row(i).iter().map(|c| signed(*c))).collect();
        let by_site =
            (0..m).flat_map(|j| (0..n).map(move |i| (i, j))).map(|(i, j)| by_client[i * m + j]).collect();
        let mut order = Vec::with_capacity(n * m);
        for row in by_client.chunks(m.max(1)) {
            let first = order.len();
            order.extend(0..row.len() as u32);
            order[first..].sort_by_key(|&j| row[j as usize]);
        }
        let opening = charges.opening().iter().map(|f| *f as i64).collect();
        Instance { clients: n, sites: m, opening, by_client, by_site, order, never }
    }

    /// Costs of a client by site.
    pub fn client(&self, i: usize) -> &[i64] {
        &self.by_client[i * self.sites..(i + 1) * self.sites]
    }

    /// Costs of a site by client.
    pub fn site(&self, j: usize) -> &[i64] {
        &self.by_site[j * self.clients..(j + 1) * self.clients]
    }

    /// Sites of a client with their costs, nearest first, those that cannot serve it left out.
    pub fn nearest(&self, i: usize) -> impl Iterator<Item = (usize, i64)> + '_ {
        let row = self.client(i);
        let order = &self.order[i * self.sites..(i + 1) * self.sites];
        order.iter().map(|&j| (j as usize, row[j as usize])).take_while(|&(_, c)| c < self.never)
    }

    /// Nearest open site of a client.
    pub fn serve(&self, i: usize, open: &[bool]) -> Option<(usize, i64)> {
        self.nearest(i).find(|&(j, _)| open[j])
    }

    /// Cost of a plan; `None` if it does not serve everyone.
    pub fn value(&self, open: &[bool]) -> Option<i64> {
        let mut total: i64 = self.opening.iter().zip(open).filter(|(_, o)| **o).map(|(f, _)| f).sum();
        for i in 0..self.clients {
            total += self.serve(i, open)?.1;
        }
        Some(total)
    }
}
