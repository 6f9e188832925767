//! The sites of a result, put beside those of the task: what siting and plain problems have in common.

use crate::violation::{Findings, Rule};
use maillage_programme::{ResultRecord, Site};
use maillage_territory::{PlaceIx, SiteId, Territory};
use std::collections::{BTreeMap, BTreeSet};

/// A field of a listed site, as shown in a violation.
pub(crate) fn at(listed: usize, field: &str) -> String {
    format!("result.json /sites/{listed}/{field}")
}

/// Pairs each listed site with the site of the task it names: known, once, in order, at its place and
/// under the name of that place. Unknown and repeated sites are left out of what follows.
pub(crate) fn identify(
    record: &ResultRecord,
    territory: &Territory,
    sites: &[(&SiteId, PlaceIx)],
    found: &mut Findings,
) -> Vec<(usize, usize)> {
    let by_id: BTreeMap<&SiteId, usize> = sites.iter().zip(0..).map(|(s, i)| (s.0, i)).collect();
    let mut seen = BTreeSet::new();
    let mut pairs = Vec::new();
    for (listed, claim) in record.sites.iter().enumerate() {
        let before = listed.checked_sub(1).map(|i| &record.sites[i].site_id);
        if let Some(before) = before.filter(|before| **before > claim.site_id) {
            found.add(Rule::SiteOrder, at(listed, "site_id"), &claim.site_id, format!("> {before}"));
        }
        let Some(&site) = by_id.get(&claim.site_id) else {
            found.add(Rule::SiteUnknown, at(listed, "site_id"), &claim.site_id, "—");
            continue;
        };
        if !seen.insert(site) {
            found.add(Rule::SiteTwice, at(listed, "site_id"), &claim.site_id, "1 ×");
            continue;
        }
        let place = territory.place(sites[site].1);
        found.equal(Rule::SitePlace, at(listed, "code_commune"), &claim.code_commune, &place.id);
        found.equal(Rule::SitePlace, at(listed, "name"), &claim.name, &place.name);
        pairs.push((listed, site));
    }
    pairs
}

/// Sites of the task as pairs of name and place.
pub(crate) fn named<'a>(sites: &[&'a Site]) -> Vec<(&'a SiteId, PlaceIx)> {
    sites.iter().map(|s| (&s.id, s.place)).collect()
}

/// A result without a plan lists no site and spends nothing.
pub(crate) fn check_none(record: &ResultRecord, found: &mut Findings) {
    if !record.sites.is_empty() {
        found.add(Rule::PlanWithoutPlan, "result.json /sites", record.sites.len(), 0);
    }
    if let Some(cost) = record.cost_eur {
        found.add(Rule::PlanWithoutPlan, "result.json /cost_eur", cost, "—");
    }
    if record.programme.is_some() {
        found.add(Rule::PlanWithoutPlan, "result.json /programme", "{…}", "—");
    }
}
