//! Clients with the same covering sites are one.

use super::csr::Csr;
use crate::lists::{ClientIx, CostLists, LARGEST_TOTAL, SiteIx};
use std::fmt;

/// Clients told one by one and kept as classes: one per distinct set of covering sites, with the sum of
/// the weights. Memory grows with the classes, not with the clients.
///
/// Classes are numbered from 0 in the order in which their first client came. A client that nothing
/// covers is in a class too, that of the empty set.
///
/// ```
/// use maillage_location::{SiteIx, cover::Signatures};
/// let mut classes = Signatures::new(3);
/// assert_eq!(classes.add(10, &[SiteIx(0), SiteIx(2)])?, 0);
/// assert_eq!(classes.add(1, &[SiteIx(1)])?, 1);
/// assert_eq!(classes.add(5, &[SiteIx(0), SiteIx(2)])?, 0);
/// assert_eq!((classes.num_classes(), classes.weight(0), classes.total_weight()), (2, 15, 16));
/// # Ok::<(), maillage_location::cover::SignatureError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Signatures {
    num_sites: u32,
    num_clients: u64,
    total: u64,
    sites: Csr,
    weight: Vec<u64>,
    hash: Vec<u64>,
    /// Open addressing: class + 1, or 0; at most half full.
    slots: Vec<u32>,
}

/// Why a client was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureError {
    /// A site beyond the stated number.
    NoSuchSite(SiteIx),
    /// Sites are not in strictly increasing order; this one comes too late.
    NotSorted(SiteIx),
    /// Weights total more than [`LARGEST_TOTAL`].
    TotalTooLarge,
    /// More than `u32::MAX - 1` classes.
    TooMany,
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SignatureError::NoSuchSite(s) => write!(f, "{s} is beyond the number of sites"),
            SignatureError::NotSorted(s) => write!(f, "{s} is not after the site before it"),
            SignatureError::TotalTooLarge => f.write_str("weights total more than 2^53"),
            SignatureError::TooMany => f.write_str("there are more than 2^32 - 2 classes"),
        }
    }
}

impl std::error::Error for SignatureError {}

impl Signatures {
    /// No client yet, sites numbered below `num_sites`.
    pub fn new(num_sites: u32) -> Self {
        Signatures {
            num_sites,
            num_clients: 0,
            total: 0,
            sites: Csr::new(),
            weight: Vec::new(),
            hash: Vec::new(),
            slots: vec![0; 16],
        }
    }

    /// The clients of some lists, covered by the sites at `radius` or less; and the class of each.
    pub fn within(lists: &CostLists, radius: u32) -> (Self, Vec<u32>) {
        let mut classes = Signatures::new(lists.num_sites());
        let mut near = Vec::new();
        let class = |client: ClientIx| {
            near.clear();
            near.extend(lists.list(client).take_while(|&(_, cost)| cost <= radius).map(|(site, _)| site.0));
            near.sort_unstable();
            classes.num_clients += 1;
            // Lists hold existing sites, each once, and their weights are within the total.
            classes.merge(lists.weight(client), &near).unwrap_or(u32::MAX)
        };
        let of = lists.clients().map(class).collect();
        (classes, of)
    }

    /// Adds a client with the sites that cover it, in increasing order; gives its class.
    ///
    /// # Errors
    /// [`SignatureError`]; nothing is added then.
    pub fn add(&mut self, weight: u64, sites: &[SiteIx]) -> Result<u32, SignatureError> {
        if let Some(site) = sites.iter().find(|s| s.0 >= self.num_sites) {
            return Err(SignatureError::NoSuchSite(*site));
        }
        if let Some(pair) = sites.windows(2).find(|pair| pair[0] >= pair[1]) {
            return Err(SignatureError::NotSorted(pair[1]));
        }
        if self.total.checked_add(weight).is_none_or(|t| t > LARGEST_TOTAL) {
            return Err(SignatureError::TotalTooLarge);
        }
        let class = self.merge(weight, sites)?;
        self.num_clients += 1;
        Ok(class)
    }

    fn merge<S: Copy + Into<u32>>(&mut self, weight: u64, sites: &[S]) -> Result<u32, SignatureError> {
        let hash = hash(sites);
        let mut at = self.slot(hash);
        while let Some(class) = self.slots[at].checked_sub(1) {
            let c = class as usize;
            let row = self.sites.row(c);
            if self.hash[c] == hash
                && row.len() == sites.len()
                && row.iter().zip(sites).all(|(a, b)| *a == (*b).into())
            {
                self.weight[c] += weight;
                self.total += weight;
                return Ok(class);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        let class = u32::try_from(self.weight.len()).map_err(|_| SignatureError::TooMany)?;
        self.slots[at] = class.checked_add(1).ok_or(SignatureError::TooMany)?;
        self.sites.push(sites.iter().map(|s| (*s).into()));
        self.weight.push(weight);
        self.hash.push(hash);
        self.total += weight;
        if self.weight.len() * 2 > self.slots.len() {
            self.grow();
        }
        Ok(class)
    }

    fn slot(&self, hash: u64) -> usize {
        (hash >> 20) as usize & (self.slots.len() - 1)
    }

    fn grow(&mut self) {
        self.slots = vec![0; self.slots.len() * 4];
        for (class, &hash) in (1u32..).zip(&self.hash) {
            let mut at = self.slot(hash);
            while self.slots[at] != 0 {
                at = (at + 1) & (self.slots.len() - 1);
            }
            self.slots[at] = class;
        }
    }

    /// Number of sites.
    pub fn num_sites(&self) -> u32 {
        self.num_sites
    }

    /// Number of clients added.
    pub fn num_clients(&self) -> u64 {
        self.num_clients
    }

    /// Number of classes.
    pub fn num_classes(&self) -> usize {
        self.weight.len()
    }

    /// Weight of all clients, those that nothing covers included.
    pub fn total_weight(&self) -> u64 {
        self.total
    }

    /// Weight of a class.
    ///
    /// # Panics
    /// If there is no such class.
    pub fn weight(&self, class: usize) -> u64 {
        self.weight[class]
    }

    /// The sites that cover a class, in increasing order.
    ///
    /// # Panics
    /// If there is no such class.
    pub fn sites(&self, class: usize) -> impl Iterator<Item = SiteIx> + '_ {
        self.sites.row(class).iter().copied().map(SiteIx)
    }

    pub(crate) fn row(&self, class: usize) -> &[u32] {
        self.sites.row(class)
    }

    /// Adds a class of another set of sites, whose numbers are sound.
    pub(crate) fn take(&mut self, weight: u64, sites: &[u32]) -> u32 {
        self.num_clients += 1;
        self.merge(weight, sites).unwrap_or(u32::MAX)
    }

    pub(crate) fn into_parts(self) -> (Csr, Vec<u64>) {
        (self.sites, self.weight)
    }
}

impl From<SiteIx> for u32 {
    fn from(site: SiteIx) -> u32 {
        site.0
    }
}

fn hash<S: Copy + Into<u32>>(sites: &[S]) -> u64 {
    let mut h = 0x9e37_79b9_7f4a_7c15_u64;
    for &s in sites {
        let s: u32 = s.into();
        h = (h.rotate_left(5) ^ u64::from(s)).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
    h ^ (h >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn refused() {
        let mut s = Signatures::new(3);
        assert_eq!(s.add(1, &[SiteIx(3)]), Err(SignatureError::NoSuchSite(SiteIx(3))));
        assert_eq!(s.add(1, &[SiteIx(2), SiteIx(1)]), Err(SignatureError::NotSorted(SiteIx(1))));
        assert_eq!(s.add(1, &[SiteIx(1), SiteIx(1)]), Err(SignatureError::NotSorted(SiteIx(1))));
        assert_eq!(s.add(LARGEST_TOTAL + 1, &[]), Err(SignatureError::TotalTooLarge));
        assert_eq!((s.num_classes(), s.num_clients(), s.total_weight()), (0, 0, 0));
    }

    /// Against an ordered map, through several growths of the table.
    #[test]
    fn merges_as_a_map_does() {
        let mut rng = super::super::Rng::new(7);
        let mut s = Signatures::new(12);
        let mut map: BTreeMap<Vec<SiteIx>, u64> = BTreeMap::new();
        for _ in 0..5000 {
            let bits = rng.below(1 << 12) & rng.below(1 << 12);
            let sites: Vec<SiteIx> = (0..12).filter(|j| bits >> j & 1 == 1).map(SiteIx).collect();
            let weight = rng.below(5) as u64;
            *map.entry(sites.clone()).or_default() += weight;
            let class = s.add(weight, &sites).unwrap() as usize;
            assert_eq!(s.sites(class).collect::<Vec<_>>(), sites);
        }
        assert_eq!((s.num_classes(), s.num_clients()), (map.len(), 5000));
        for class in 0..s.num_classes() {
            assert_eq!(s.weight(class), map[&s.sites(class).collect::<Vec<_>>()]);
        }
    }
}
