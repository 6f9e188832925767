//! Tables in CSV: comma, LF, quotes where RFC 4180 asks for them, scenario name in every row.

use crate::View;
use maillage_programme::{AssignmentRow, SiteRecord, SiteStatus, StructureForm};

/// A text that no spreadsheet takes for a formula.
pub(crate) fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// Rows as long as the header.
fn csv<const N: usize>(header: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    csv_rows(&header.map(str::to_owned), rows.map(Vec::from))
}

/// Writes rows as long as the header; writing to memory does not fail.
pub(crate) fn csv_rows(header: &[String], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    let mut written = writer.write_record(header);
    for row in rows {
        written = written.and_then(|()| writer.write_record(row));
    }
    let bytes = match written {
        Ok(()) => writer.into_inner().unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    String::from_utf8(bytes).unwrap_or_default()
}

/// What starts every row about a site.
fn site_cells(view: &View<'_>, site: &SiteRecord) -> [String; 6] {
    [
        plain(&view.record.scenario),
        site.site_id.to_string(),
        site.code_commune.to_string(),
        plain(&site.name),
        site.status.as_str().to_owned(),
        site.structure_type.as_ref().map(ToString::to_string).unwrap_or_default(),
    ]
}

/// `sites.csv`: the sites of the plan.
pub fn sites_csv(view: &View<'_>) -> String {
    let header = [
        "scenario",
        "site_id",
        "code_commune",
        "name",
        "status",
        "structure_type",
        "gps",
        "capacity",
        "attached",
        "cost_eur",
    ];
    csv(
        header,
        view.record.sites.iter().map(|site| {
            let [scenario, id, code, name, status, kind] = site_cells(view, site);
            let capacity = site.capacity.map(|c| c.to_string()).unwrap_or_default();
            let (gps, attached) = (site.gps.to_string(), site.attached.to_string());
            [scenario, id, code, name, status, kind, gps, capacity, attached, site.cost_eur.to_string()]
        }),
    )
}

/// `posts.csv`: posts of GPs, those of today where a site exists and those added where one opens or grows.
/// The mode follows the legal form of the type; it is empty where the type is not among [`View::types`].
/// Plain location problems have no posts: the header alone.
pub fn posts_csv(view: &View<'_>) -> String {
    let header = [
        "scenario",
        "site_id",
        "code_commune",
        "name",
        "status",
        "structure_type",
        "profession",
        "mode",
        "posts",
    ];
    let staffed = view.record.sites.iter().filter(|s| s.gps.0 > 0);
    csv(
        header,
        staffed.map(|site| {
            let [scenario, id, code, name, status, kind] = site_cells(view, site);
            let mode = mode(view, site).to_owned();
            [scenario, id, code, name, status, kind, "gp".to_owned(), mode, site.gps.to_string()]
        }),
    )
}

/// How the GPs of a site work. Practices of today are those of self-employed GPs.
fn mode(view: &View<'_>, site: &SiteRecord) -> &'static str {
    let form = site.structure_type.as_ref().and_then(|id| view.types.iter().find(|t| t.id == *id));
    match (form.map(|t| t.form), site.status) {
        (Some(StructureForm::Msp), _) | (None, SiteStatus::Existing) => "self-employed",
        (Some(StructureForm::Centre), _) => "salaried",
        (None, SiteStatus::Extended | SiteStatus::Opened) => "",
    }
}

/// `assignments.csv`: who is listed where, in the order of the rows.
pub fn assignments_csv(scenario: &str, rows: &[AssignmentRow]) -> String {
    let scenario = plain(scenario);
    csv(
        ["scenario", "state", "from_id", "site_id", "people", "minutes"],
        rows.iter().map(|row| {
            [
                scenario.clone(),
                row.state.as_str().to_owned(),
                row.from_id.to_string(),
                row.site_id.to_string(),
                row.people.to_string(),
                row.minutes.to_string(),
            ]
        }),
    )
}

/// `indicators.csv`: the figures by zone, before and after. The year is empty: a scenario is one situation.
pub fn indicators_csv(view: &View<'_>) -> String {
    let scenario = plain(&view.record.scenario);
    csv(
        ["scenario", "indicator", "zone", "state", "year", "value", "unit"],
        view.record.indicators.iter().map(|i| {
            [
                scenario.clone(),
                i.indicator.as_str().to_owned(),
                i.zone.to_string(),
                i.state.as_str().to_owned(),
                String::new(),
                i.value.to_string(),
                i.unit.clone(),
            ]
        }),
    )
}
