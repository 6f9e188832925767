//! What `result.json` says of a health plan, under `programme`.

use super::Mode;
use crate::{Euros, Hundredths, SiteStatus};
use maillage_territory::{PlaceId, SiteId, TypeId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! record {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }
    };
}

record! {
    /// A health plan and what follows from it.
    HealthRecord {
        /// Calendar years planned.
        years: Vec<u16>,
        /// Structures that stand or open: practices are not listed here.
        structures: Vec<HealthSiteRecord>,
        /// Levers that start.
        levers: Vec<LeverRecord>,
        /// Sites of duty points of the last year.
        duty: Vec<SiteId>,
        /// One per future.
        futures: Vec<FutureRecord>,
        /// What more recruits would bring.
        worth: Vec<WorthRecord>,
        /// Openings, most people-years per GP first.
        order: Vec<OrderRecord>,
        /// What is lost when an opening comes a year late.
        delay: Vec<DelayRecord>,
    }
}

record! {
    /// A structure of a plan.
    HealthSiteRecord {
        /// Identifier.
        site_id: SiteId,
        /// Its type.
        structure_type: TypeId,
        /// `existing`, `extended` (posts are added in some future) or `opened`.
        status: SiteStatus,
        /// Codes of its addresses, the main one first.
        addresses: Vec<PlaceId>,
        /// Calendar year from which it is open; absent when it stands today.
        opens: Option<u16>,
        /// Calendar year from which it is closed.
        closes: Option<u16>,
        /// Nearest open site that may lead it, in its first open year.
        lead: Option<SiteId>,
    }
}

record! {
    /// A lever that starts.
    LeverRecord {
        /// Identifier.
        lever: String,
        /// Calendar year.
        starts: u16,
    }
}

record! {
    /// A plan in one future.
    FutureRecord {
        /// Identifier.
        future: String,
        /// How likely.
        probability_percent: u8,
        /// Posts by site, kind of post and year: rows with none opened are left out.
        posts: Vec<PostRecord>,
        /// Weekly sessions.
        sessions: Vec<SessionRecord>,
        /// Payments.
        money: Vec<MoneyRecord>,
        /// Pools by year.
        pools: Vec<PoolRecord>,
    }
}

record! {
    /// Posts of one kind at a site in a year.
    PostRecord {
        /// Calendar year.
        year: u16,
        /// Where.
        site_id: SiteId,
        /// Who.
        profession: String,
        /// How paid.
        mode: Mode,
        /// Opened in the year.
        hired: Hundredths,
        /// Opened up to now, today's included.
        opened: Hundredths,
        /// Filled.
        filled: Hundredths,
        /// People they add to the list.
        list: u64,
        /// Acts of the year.
        acts: u64,
    }
}

record! {
    /// Weekly sessions of a lead at a site in a year.
    SessionRecord {
        /// Calendar year.
        year: u16,
        /// Who receives.
        site_id: SiteId,
        /// Who gives.
        lead: SiteId,
        /// How many a week.
        sessions: u32,
    }
}

record! {
    /// One payment.
    MoneyRecord {
        /// Calendar year.
        year: u16,
        /// `capital`, `equipment`, `running` or `lever`.
        what: String,
        /// The site, or the lever.
        of: String,
        /// `income`, `owner`, or the identifier of a funder.
        payer: String,
        /// How much.
        euros: Euros,
    }
}

record! {
    /// A pool in a year.
    PoolRecord {
        /// Calendar year.
        year: u16,
        /// Identifier.
        pool: String,
        /// What could be recruited: its own, what levers and structures add, and what was carried over.
        offered: Hundredths,
        /// What was.
        taken: Hundredths,
    }
}

record! {
    /// People-years gained in the first future when a pool offers one full post more in a year, openings unchanged, at
    /// the best site with room for it.
    WorthRecord {
        /// Pool.
        pool: String,
        /// Calendar year.
        year: u16,
        /// Where it would go; absent when no open structure has room.
        site_id: Option<SiteId>,
        /// Person-years attached beyond the plan's.
        person_years: u64,
    }
}

record! {
    /// What an opened structure is worth in the first future.
    OrderRecord {
        /// Where.
        site_id: SiteId,
        /// Person-years attached that are lost without it and its posts.
        person_years: u64,
        /// GP-years filled at its own posts.
        gp_years: Hundredths,
        /// Person-years for each of them; absent when it takes none.
        per_gp_year: Option<Hundredths>,
    }
}

record! {
    /// What a year's delay of an opening costs in the first future.
    DelayRecord {
        /// Where.
        site_id: SiteId,
        /// Person-years attached that are lost when it and its posts come one year later.
        person_years: u64,
    }
}
