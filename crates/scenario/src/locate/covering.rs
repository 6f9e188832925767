//! Clients of a plane as classes: those that the same sites cover are one.

use super::Radius;
use super::instance::{Data, Instance};
use super::memory::{self, COVER_BYTES};
use maillage_input::{Code, InputFile, InputRecord, Place, Problem, Text};
use maillage_location::cover::{SignatureError, Signatures};
use maillage_location::{ClientIx, CostLists, Points, SiteIx};

/// Clients of a plane by what covers them.
pub(super) struct Covering {
    lists: CostLists,
    /// Of each class.
    first: Vec<usize>,
    sizes: Vec<u64>,
}

impl Covering {
    /// A client at exactly the radius is covered; distances are not rounded. Refused as soon as the pairs of a class and a
    /// site take more than `most` bytes.
    pub fn new(
        file: &InputFile,
        (sites, clients): (&Points, &Points),
        weights: &[u64],
        radius: Radius,
        most: Option<u64>,
    ) -> Result<Self, Problem> {
        let refused = |fr: &str, en: &str| {
            Problem::error(Code::Instance, Text::new(fr, en))
                .at(Place::file(file.record.path.clone()))
                .remedy(Text::new(
                    "choisir un rayon ou une instance plus petits",
                    "take a smaller radius or instance",
                ))
        };
        let unfit = |e: SignatureError| match e {
            SignatureError::TotalTooLarge => {
                refused("la somme des demandes dépasse 2^53", "demands total more than 2^53")
            }
            _ => refused("trop de classes de clients", "too many classes of clients"),
        };
        let squared = squared_reach(radius, sites.scale);
        let far = i64::try_from(squared.isqrt()).unwrap_or(i64::MAX);
        let mut by_x: Vec<(i64, u32)> = sites.x.iter().copied().zip(0u32..).collect();
        by_x.sort_unstable();
        let mut classes = Signatures::new(sites.len() as u32);
        let (mut first, mut sizes, mut pairs) = (Vec::new(), Vec::<u64>::new(), 0u64);
        let mut near: Vec<SiteIx> = Vec::new();
        for (client, &weight) in weights.iter().enumerate().take(clients.len()) {
            let (low, high) = (clients.x[client].saturating_sub(far), clients.x[client].saturating_add(far));
            let strip = by_x.partition_point(|s| s.0 < low)..by_x.partition_point(|s| s.0 <= high);
            let within = |j: u32| sites.squared(j as usize, clients, client).is_some_and(|d| d <= squared);
            near.clear();
            near.extend(by_x[strip].iter().map(|s| s.1).filter(|j| within(*j)).map(SiteIx));
            near.sort_unstable();
            let class = classes.add(weight, &near).map_err(unfit)? as usize;
            if class == first.len() {
                first.push(client);
                sizes.push(0);
                pairs += near.len() as u64;
                memory::fits(pairs * COVER_BYTES, most, &file.record)?;
            }
            sizes[class] += 1;
        }
        let weights = (0..first.len()).map(|c| classes.weight(c)).collect();
        let of_class = |c: usize| classes.sites(c).map(move |site| (ClientIx(c as u32), site, 0));
        let lists = CostLists::from_pairs(sites.len() as u32, weights, (0..first.len()).flat_map(of_class));
        // Classes name existing sites, each once, and their weights were summed.
        let lists = lists.map_err(|_| unfit(SignatureError::TooMany))?;
        Ok(Covering { lists, first, sizes })
    }

    /// Sites and clients are named by numbers from `first` on.
    pub fn instance(self, first: usize, costs: Vec<u64>, inputs: Vec<InputRecord>) -> Instance {
        let sites = (first..first + costs.len()).map(|j| j.to_string()).collect();
        let clients = self.first.iter().map(|i| (first + i).to_string()).collect();
        let data = Data::Lists { lists: self.lists, reach: 0, costs };
        Instance { data, sites, clients, class_sizes: self.sizes, p: None, inputs }
    }
}

/// The largest square of a distance, in parts of `1 / scale²`, that is within the radius. Both scales are powers of ten.
fn squared_reach(radius: Radius, scale: u32) -> u128 {
    let (units, fine, scale) = (u128::from(radius.units), radius.scale.max(1), scale.max(1));
    if fine <= scale {
        (units * u128::from(scale / fine)).saturating_pow(2)
    } else {
        units.saturating_pow(2) / u128::from(fine / scale).pow(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reach_is_exact() {
        let reach = |text: &str, scale| squared_reach(text.parse().unwrap(), scale);
        assert_eq!(reach("5.5", 10), 55 * 55);
        assert_eq!(reach("5.5", 1000), 5500 * 5500);
        // 5.5² = 30.25: whole squares up to 30.
        assert_eq!(reach("5.5", 1), 30);
        assert_eq!(reach("18446744073709551615", 1_000_000), u128::MAX);
        for bad in ["", ".5", "-1", "1e3", "1.2.3", "0.1234567", "99999999999999999999", "+1"] {
            assert!(bad.parse::<Radius>().is_err(), "{bad}");
        }
    }
}
