//! Who can be served from where, and at what cost.

use std::fmt;

/// A client: a dense number from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientIx(pub u32);

/// A candidate site: a dense number from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteIx(pub u32);

impl fmt::Display for ClientIx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "client #{}", self.0)
    }
}

impl fmt::Display for SiteIx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "site #{}", self.0)
    }
}

/// Largest total of weight times dearest cost over all clients: 2^53, so that every objective is exact
/// in integers and in the floats of a MILP solver alike.
pub const LARGEST_TOTAL: u64 = 1 << 53;

/// For every client its weight and the sites that can serve it, nearest first.
///
/// Costs are integers (minutes, metres, whatever the caller measures); a pair that is absent cannot be
/// used, which is not the same as a large cost. Equal costs are sorted by site.
///
/// ```
/// use maillage_location::{ClientIx, CostLists, SiteIx};
/// let lists = CostLists::from_dense(&[vec![Some(7), Some(3)], vec![None, Some(5)]], vec![10, 1])?;
/// assert_eq!(lists.list(ClientIx(0)).collect::<Vec<_>>(), [(SiteIx(1), 3), (SiteIx(0), 7)]);
/// assert_eq!(lists.list(ClientIx(1)).count(), 1);
/// # Ok::<(), maillage_location::ListError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostLists {
    sites: u32,
    start: Vec<usize>,
    site: Vec<SiteIx>,
    cost: Vec<u32>,
    weight: Vec<u64>,
}

/// Why cost lists were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListError {
    /// A pair names a client that has no weight.
    NoSuchClient(ClientIx),
    /// A pair names a site beyond the stated number.
    NoSuchSite(SiteIx),
    /// A pair stands twice.
    DuplicatePair(ClientIx, SiteIx),
    /// Weights times dearest costs, or weights alone, total more than [`LARGEST_TOTAL`].
    TotalTooLarge,
    /// A dense row has another length than the first.
    RaggedRow(ClientIx),
    /// The number of weights is not the number of rows.
    WeightCount,
    /// More than `u32::MAX` clients or sites.
    TooMany,
}

impl fmt::Display for ListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ListError::NoSuchClient(c) => write!(f, "{c} has no weight"),
            ListError::NoSuchSite(s) => write!(f, "{s} is beyond the number of sites"),
            ListError::DuplicatePair(c, s) => write!(f, "the pair of {c} and {s} stands twice"),
            ListError::TotalTooLarge => f.write_str("weights times costs total more than 2^53"),
            ListError::RaggedRow(c) => write!(f, "the row of {c} has another length than the first"),
            ListError::WeightCount => f.write_str("there are not as many weights as clients"),
            ListError::TooMany => f.write_str("there are more than 2^32 - 1 clients or sites"),
        }
    }
}

impl std::error::Error for ListError {}

impl CostLists {
    /// From pairs in any order. There are as many clients as weights.
    ///
    /// # Errors
    /// [`ListError`].
    pub fn from_pairs(
        sites: u32,
        weights: Vec<u64>,
        pairs: impl IntoIterator<Item = (ClientIx, SiteIx, u32)>,
    ) -> Result<Self, ListError> {
        let clients = u32::try_from(weights.len()).map_err(|_| ListError::TooMany)?;
        let mut all: Vec<(ClientIx, u32, SiteIx)> =
            pairs.into_iter().map(|(client, site, cost)| (client, cost, site)).collect();
        all.sort_unstable();
        let mut start = vec![0usize; weights.len() + 1];
        let mut seen = vec![None; sites as usize];
        for &(client, _, site) in &all {
            if client.0 >= clients {
                return Err(ListError::NoSuchClient(client));
            }
            let last = seen.get_mut(site.0 as usize).ok_or(ListError::NoSuchSite(site))?;
            if *last == Some(client) {
                return Err(ListError::DuplicatePair(client, site));
            }
            *last = Some(client);
            start[client.0 as usize + 1] += 1;
        }
        for i in 0..weights.len() {
            start[i + 1] += start[i];
        }
        let lists = CostLists {
            sites,
            start,
            site: all.iter().map(|p| p.2).collect(),
            cost: all.iter().map(|p| p.1).collect(),
            weight: weights,
        };
        lists.fit()?;
        Ok(lists)
    }

    /// From lists as they will stand: nearest first, each site once.
    pub(crate) fn from_sorted(
        sites: u32,
        start: Vec<usize>,
        site: Vec<SiteIx>,
        cost: Vec<u32>,
        weight: Vec<u64>,
    ) -> Result<Self, ListError> {
        let lists = CostLists { sites, start, site, cost, weight };
        lists.fit()?;
        Ok(lists)
    }

    /// Whether all totals stay exact.
    fn fit(&self) -> Result<(), ListError> {
        let (mut total, mut dearest) = (0u128, 0u128);
        for client in self.clients() {
            let weight = u128::from(self.weight(client));
            total += weight;
            dearest += weight * u128::from(self.list(client).last().map_or(0, |(_, c)| c));
        }
        if total.max(dearest) > u128::from(LARGEST_TOTAL) {
            return Err(ListError::TotalTooLarge);
        }
        Ok(())
    }

    /// From a matrix, one row per client; `None` cannot be used.
    ///
    /// # Errors
    /// [`ListError`].
    pub fn from_dense(rows: &[Vec<Option<u32>>], weights: Vec<u64>) -> Result<Self, ListError> {
        if rows.len() != weights.len() {
            return Err(ListError::WeightCount);
        }
        let width = rows.first().map_or(0, Vec::len);
        let sites = u32::try_from(width).map_err(|_| ListError::TooMany)?;
        if let Some((i, _)) = (0u32..).zip(rows).find(|(_, row)| row.len() != width) {
            return Err(ListError::RaggedRow(ClientIx(i)));
        }
        let pairs = (0u32..).zip(rows).flat_map(|(i, row)| {
            (0u32..).zip(row).filter_map(move |(j, cost)| cost.map(|c| (ClientIx(i), SiteIx(j), c)))
        });
        CostLists::from_pairs(sites, weights, pairs)
    }

    /// Number of clients.
    pub fn num_clients(&self) -> u32 {
        self.weight.len() as u32
    }

    /// Number of candidate sites.
    pub fn num_sites(&self) -> u32 {
        self.sites
    }

    /// Number of pairs that can be used.
    pub fn num_pairs(&self) -> usize {
        self.site.len()
    }

    /// All clients.
    pub fn clients(&self) -> impl Iterator<Item = ClientIx> + use<> {
        (0..self.num_clients()).map(ClientIx)
    }

    /// All sites.
    pub fn sites(&self) -> impl Iterator<Item = SiteIx> + use<> {
        (0..self.sites).map(SiteIx)
    }

    /// Weight of a client.
    ///
    /// # Panics
    /// If there is no such client.
    pub fn weight(&self, client: ClientIx) -> u64 {
        self.weight[client.0 as usize]
    }

    /// Sum of all weights.
    pub fn total_weight(&self) -> u64 {
        self.weight.iter().sum()
    }

    /// The sites that can serve a client with their costs, nearest first.
    ///
    /// # Panics
    /// If there is no such client.
    pub fn list(&self, client: ClientIx) -> impl Iterator<Item = (SiteIx, u32)> + '_ {
        let range = self.start[client.0 as usize]..self.start[client.0 as usize + 1];
        self.site[range.clone()].iter().copied().zip(self.cost[range].iter().copied())
    }

    /// The nearest site of a client among those for which `open` is true.
    pub fn nearest(&self, client: ClientIx, open: &[bool]) -> Option<(SiteIx, u32)> {
        self.list(client).find(|(site, _)| open[site.0 as usize])
    }

    /// The nearest open site of every client.
    pub fn assign(&self, open: &[bool]) -> Vec<Option<(SiteIx, u32)>> {
        self.clients().map(|c| self.nearest(c, open)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused() {
        let pair = |c, s| (ClientIx(c), SiteIx(s), 1);
        let lists = |pairs: Vec<_>| CostLists::from_pairs(2, vec![1, 1], pairs);
        assert_eq!(lists(vec![pair(2, 0)]), Err(ListError::NoSuchClient(ClientIx(2))));
        assert_eq!(lists(vec![pair(0, 2)]), Err(ListError::NoSuchSite(SiteIx(2))));
        let twice =
            vec![(ClientIx(0), SiteIx(1), 1), (ClientIx(0), SiteIx(0), 2), (ClientIx(0), SiteIx(1), 3)];
        assert_eq!(lists(twice), Err(ListError::DuplicatePair(ClientIx(0), SiteIx(1))));
        let heavy = CostLists::from_pairs(1, vec![1 << 40], vec![(ClientIx(0), SiteIx(0), 1 << 20)]);
        assert_eq!(heavy, Err(ListError::TotalTooLarge));
        assert_eq!(CostLists::from_pairs(0, vec![u64::MAX; 3], vec![]), Err(ListError::TotalTooLarge));
        assert_eq!(CostLists::from_dense(&[vec![]], vec![]), Err(ListError::WeightCount));
        let ragged = [vec![Some(1)], vec![]];
        assert_eq!(CostLists::from_dense(&ragged, vec![1, 1]), Err(ListError::RaggedRow(ClientIx(1))));
    }

    #[test]
    fn order_of_pairs_is_of_no_matter() {
        let mut pairs = vec![
            (ClientIx(1), SiteIx(0), 4),
            (ClientIx(0), SiteIx(1), 9),
            (ClientIx(0), SiteIx(2), 4),
            (ClientIx(0), SiteIx(0), 4),
        ];
        let a = CostLists::from_pairs(3, vec![1, 2], pairs.clone()).unwrap();
        pairs.reverse();
        assert_eq!(a, CostLists::from_pairs(3, vec![1, 2], pairs).unwrap());
        assert_eq!(a.nearest(ClientIx(0), &[true, true, true]), Some((SiteIx(0), 4)));
        assert_eq!(a.assign(&[false, true, true]), [Some((SiteIx(2), 4)), None]);
    }
}
