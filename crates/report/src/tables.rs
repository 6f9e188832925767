//! Tables in CSV: comma, LF, quotes where RFC 4180 asks for them, scenario name in every row.

use crate::View;
use crate::figures::closed;
use maillage_programme::health::{FutureRecord, HealthRecord, Mode};
use maillage_programme::{ResultRecord, SiteRecord, SiteStatus, StructureForm};
use maillage_territory::SiteId;

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

/// `sites.csv`: the sites of the plan. In a health programme with the years in which structures open and close, and with
/// those that have closed by the last year.
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
    let row = |site: &SiteRecord| {
        let [scenario, id, code, name, status, kind] = site_cells(view, site);
        let capacity = site.capacity.map(|c| c.to_string()).unwrap_or_default();
        let (gps, attached) = (site.gps.to_string(), site.attached.to_string());
        [scenario, id, code, name, status, kind, gps, capacity, attached, site.cost_eur.to_string()]
    };
    let sites = view.record.sites.iter();
    match &view.record.programme {
        Some(programme) => yearly_sites(view, programme, &header, sites.map(|s| (&s.site_id, row(s)))),
        None => csv(header, sites.map(row)),
    }
}

fn yearly_sites<'a>(
    view: &View<'_>,
    programme: &HealthRecord,
    header: &[&str],
    sites: impl Iterator<Item = (&'a SiteId, [String; 10])>,
) -> String {
    let year = |y: Option<u16>| y.map(|y| y.to_string()).unwrap_or_default();
    let header: Vec<String> = header.iter().chain(&["opens", "closes"]).map(|h| (*h).to_owned()).collect();
    let working = sites.map(|(id, row)| {
        let known = programme.structures.iter().find(|s| s.site_id == *id);
        let years = [known.and_then(|s| s.opens), known.and_then(|s| s.closes)];
        row.into_iter().chain(years.map(year)).collect()
    });
    let gone = closed(view.record).map(|s| {
        let code = s.addresses.first().map(ToString::to_string).unwrap_or_default();
        let place = s.addresses.first().and_then(|code| view.territory.ix(code));
        let name = place.map(|ix| plain(&view.territory.place(ix).name)).unwrap_or_default();
        let (scenario, id, kind) =
            (plain(&view.record.scenario), s.site_id.to_string(), s.structure_type.to_string());
        let start = [scenario, id, code, name, "closed".to_owned(), kind];
        // Posts, list, people and money: none are told of what is closed.
        let empty = std::iter::repeat_n(String::new(), 4);
        start.into_iter().chain(empty).chain([s.opens, s.closes].map(year)).collect()
    });
    csv_rows(&header, working.chain(gone))
}

/// `posts.csv`: posts of GPs, those of today where a site exists and those added where one opens or grows.
/// The mode follows the legal form of the type; it is empty where the type is not among [`View::types`].
/// Plain location problems have no posts: the header alone. A health programme has one row per future, year,
/// site and kind of post instead.
pub fn posts_csv(view: &View<'_>) -> String {
    if let Some(programme) = &view.record.programme {
        return yearly_posts(&view.record.scenario, programme);
    }
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
pub(crate) fn mode(view: &View<'_>, site: &SiteRecord) -> &'static str {
    let form = site.structure_type.as_ref().and_then(|id| view.types.iter().find(|t| t.id == *id));
    match (form.map(|t| t.form), site.status) {
        (Some(StructureForm::Msp), _) | (None, SiteStatus::Existing) => "self-employed",
        (Some(StructureForm::Centre), _) => "salaried",
        (None, SiteStatus::Extended | SiteStatus::Opened) => "",
    }
}

/// Every row of every future, after the scenario and the name of the future.
fn by_future<'a, T: 'a, const N: usize>(
    scenario: &str,
    programme: &'a HealthRecord,
    rows: fn(&'a FutureRecord) -> &'a [T],
    cells: fn(&T) -> [String; N],
) -> impl Iterator<Item = Vec<String>> {
    let scenario = plain(scenario);
    programme.futures.iter().flat_map(move |future| {
        let start = [scenario.clone(), plain(&future.future)];
        rows(future).iter().map(move |row| start.iter().cloned().chain(cells(row)).collect())
    })
}

/// `posts.csv` of a health programme: posts in hundredths, people and acts of the year.
fn yearly_posts(scenario: &str, programme: &HealthRecord) -> String {
    let header = [
        "scenario",
        "future",
        "year",
        "site_id",
        "profession",
        "mode",
        "hired",
        "opened",
        "filled",
        "list",
        "acts",
    ];
    let rows = by_future(
        scenario,
        programme,
        |f| &f.posts,
        |p| {
            [
                p.year.to_string(),
                p.site_id.to_string(),
                plain(&p.profession),
                match p.mode {
                    Mode::SelfEmployed => "self-employed",
                    Mode::Salaried => "salaried",
                }
                .to_owned(),
                p.hired.to_string(),
                p.opened.to_string(),
                p.filled.to_string(),
                p.list.to_string(),
                p.acts.to_string(),
            ]
        },
    );
    csv_rows(&header.map(str::to_owned), rows)
}

/// `money.csv`: every payment of a health programme, in euros excluding tax: what for (`capital`, `equipment`,
/// `running`, `lever`), of which site or lever, and who pays (`income`, `owner` or a funder). Payments of one use
/// in one year add up to its cost. Other problems have none: the header alone.
pub fn money_csv(record: &ResultRecord) -> String {
    let header = ["scenario", "future", "year", "what", "of", "payer", "euros"];
    let rows = record.programme.iter().flat_map(|programme| {
        by_future(
            &record.scenario,
            programme,
            |f| &f.money,
            |m| [m.year.to_string(), plain(&m.what), plain(&m.of), plain(&m.payer), m.euros.to_string()],
        )
    });
    csv_rows(&header.map(str::to_owned), rows)
}

/// `assignments.csv`: who is listed where, in the order of the rows. In a health programme rows end with the year and
/// the future, empty for today.
pub fn assignments_csv(view: &View<'_>) -> String {
    let scenario = plain(&view.record.scenario);
    let years = view.health.is_some();
    let mut header = vec!["scenario", "state", "from_id", "site_id", "people", "minutes"];
    if years {
        header.extend(["year", "future"]);
    }
    let header: Vec<String> = header.into_iter().map(str::to_owned).collect();
    let rows = view.assignments.iter().map(|row| {
        let mut cells = vec![
            scenario.clone(),
            row.state.as_str().to_owned(),
            row.from_id.to_string(),
            row.site_id.to_string(),
            row.people.to_string(),
            row.minutes.to_string(),
        ];
        if years {
            cells.push(row.year.map(|y| y.to_string()).unwrap_or_default());
            cells.push(row.future.as_deref().map(plain).unwrap_or_default());
        }
        cells
    });
    csv_rows(&header, rows)
}

/// `indicators.csv`: the figures by zone, before and after. The year is empty where a scenario is one situation.
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
                i.year.map(|y| y.to_string()).unwrap_or_default(),
                i.value.to_string(),
                i.unit.clone(),
            ]
        }),
    )
}
