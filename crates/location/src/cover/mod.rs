//! What the covering problems share: classes of clients, and bounds by counting.
//!
//! * [`Signatures`]: clients with the same covering sites are one, however many are told.
//! * A bound on covered weight that needs no solver ([`certified_bound`](crate::max_cover::certified_bound)):
//!   each client `i` charges a share `f_i` of its weight to sites, out of [`SHARE`], and the rest counts as
//!   covered whatever is open. With `v_j = Σ_{i: j covers i} f_i w_i`, a plan covers at most
//!   `Σ_i (1 − f_i) w_i + Σ_{j open} v_j`, so the fixed sites and the largest fractional knapsack of the
//!   others bound every plan, whatever the shares.
//! * A bound on the number of sites that cover all ([`certified_bound`](crate::set_cover::certified_bound)):
//!   each client pays at most one site's price, [`SHARE`]; a plan has at least as many sites as clients
//!   pay, less what any site gets beyond its price.

mod branch;
mod coefficients;
mod csr;
mod fewest;
mod instance;
mod knapsack;
mod master;
mod residual;
mod rng;
mod search;
mod signatures;
mod sweep;
mod weighting;

pub use instance::{CostError, LARGEST_COST};
pub use knapsack::SHARE;
pub use signatures::{SignatureError, Signatures};

pub(crate) use coefficients::{Coefficients, covered, scale};
pub(crate) use csr::Csr;
pub(crate) use fewest::{Ask, FEW, fewest, implied, packed};
pub(crate) use instance::{Fate, Instance};
pub(crate) use instance::{check_costs, check_rules};
pub(crate) use knapsack::{bound, largest, priced};
pub(crate) use master::relax;
pub(crate) use residual::finish;
pub(crate) use rng::Rng;
pub(crate) use search::{Aim, Search, tidy};
