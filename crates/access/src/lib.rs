//! Access to care over a territory and a supply: who can reach whom, how well, how fairly, and when.
//!
//! * [`Decay`], [`Catchments`]: floating catchment areas, the APL of DREES among them.
//! * [`StandardPeople`], [`Supply`]: who needs care and what is offered.
//! * [`attach()`]: people on lists with room, nearest first.
//! * [`coverage`]: people within given minutes; mean, median, 95th percentile, maximum.
//! * [`equity`]: tenths, Gini, Palma, Theil, people below a threshold; [`movement`]: winners and losers.
//! * [`zoning`]: dated sets of thresholds; [`continuity`]: duty periods and rotas; [`trajectory`]: the stock of
//!   GPs by year.
//!
//! It knows nothing of optimisation.

mod attachment;
mod basis;
mod catchment;
mod compare;
pub mod continuity;
pub mod coverage;
mod decay;
pub mod equity;
mod figures;
mod measure;
pub mod movement;
mod need;
mod settings;
mod supply;
pub mod trajectory;
mod zone;
pub mod zoning;

pub use attachment::{Attachment, Flow, attach};
pub use basis::Basis;
pub use catchment::{Accessibility, Catchments};
pub use compare::{Comparison, Level};
pub use decay::{BadDecay, Decay, DecayFile};
pub use figures::Figure;
pub use measure::{Access, BadSetting, Catchment, Coverage, measure};
pub use need::{AgeWeights, StandardPeople};
pub use settings::{
    AccessSettings, CatchmentSettings, CompareSettings, Count, CoverageSettings, Weighting, ZoningSettings,
};
pub use supply::{ActsRule, NoSupply, Supply, SupplyRule};
pub use zone::{Zone, zones};
