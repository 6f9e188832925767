//! Measures of access as tables and one screen of terminal.

use crate::summary::{clip, printable, wrap};
use crate::tables::{csv_rows, plain};
use crate::words::Words;
use maillage_access::trajectory::Year;
use maillage_access::zoning::Zoning;
use maillage_access::{Access, Figure, Zone};
use maillage_input::{Lang, grouped};
use maillage_territory::{Minutes, Territory};
use std::collections::BTreeMap;

/// Two states of one territory: what changes from the first to the second, place by place.
#[derive(Debug, Clone, Copy)]
pub struct Against<'a> {
    /// The second state.
    pub access: &'a Access,
    /// For each place of the first, its index in the second.
    pub places: &'a [Option<usize>],
}

/// `zones.csv`: every figure, one row each.
pub fn access_zones_csv(territory: &Territory, figures: &[Figure]) -> String {
    let header = ["territory", "measure", "indicator", "limit", "zone", "year", "value", "unit"];
    let rows = figures.iter().map(|f| {
        vec![
            plain(&territory.name),
            f.measure.clone(),
            f.indicator.to_owned(),
            f.limit.map(|l| l.to_string()).unwrap_or_default(),
            f.zone.to_string(),
            f.year.map(|y| y.to_string()).unwrap_or_default(),
            f.value.to_string(),
            f.unit.to_owned(),
        ]
    });
    csv_rows(&header.map(str::to_owned), rows)
}

/// `places.csv`: one row per place, one column per measure; empty is unknown or out of reach.
pub fn access_places_csv(territory: &Territory, access: &Access, against: Option<Against<'_>>) -> String {
    let minutes = |t: Option<Minutes>| t.map(|t| t.to_string()).unwrap_or_default();
    let thousandths = |x: f64| format!("{:.3}", x + 0.0);
    let mut header: Vec<String> =
        ["territory", "code_commune", "name", "core", "population"].map(str::to_owned).into();
    let mut columns: Vec<Vec<String>> = Vec::new();
    let mut add = |name: String, cells: Vec<String>| {
        header.push(name);
        columns.push(cells);
    };
    for c in &access.catchments {
        add(c.id.to_string(), c.by_place.iter().map(|&x| thousandths(x)).collect());
        add(
            format!("{}:near_unknown_supply", c.id),
            c.uncertain.iter().map(|&u| u8::from(u).to_string()).collect(),
        );
        let other =
            against.and_then(|a| Some((a.places, a.access.catchments.iter().find(|o| o.id == c.id)?)));
        if let Some((places, other)) = other {
            let known = |i: &usize| !other.uncertain[*i];
            let after = |i: &Option<usize>| {
                i.filter(known).map(|i| thousandths(other.by_place[i])).unwrap_or_default()
            };
            add(format!("{}:after", c.id), places.iter().map(after).collect());
        }
    }
    if let Some(coverage) = &access.coverage {
        let known =
            coverage.nearest.iter().zip(&coverage.unknown).map(|(&t, &unknown)| t.filter(|_| !unknown));
        add("minutes_nearest".to_owned(), known.map(minutes).collect());
        add(
            "people_without_list".to_owned(),
            coverage
                .attachment
                .left
                .iter()
                .zip(&coverage.unknown)
                .map(|(left, &unknown)| if unknown { String::new() } else { left.to_string() })
                .collect(),
        );
    }
    for (name, cells) in &access.by_place {
        add(name.clone(), cells.clone());
    }
    let rows = territory.places.iter().enumerate().map(|(i, place)| {
        let mut row = vec![
            plain(&territory.name),
            place.id.to_string(),
            plain(&place.name),
            u8::from(place.core).to_string(),
            place.population.to_string(),
        ];
        row.extend(columns.iter().map(|cells| cells[i].clone()));
        row
    });
    csv_rows(&header, rows)
}

/// `trajectory.csv`: one row per year and place.
pub fn trajectory_csv(territory: &Territory, years: &[Year]) -> String {
    let header = [
        "territory",
        "year",
        "code_commune",
        "name",
        "gps",
        "leaving",
        "arriving",
        "people_without_gp",
        "more",
    ];
    let gps = |hundredths: u64| format!("{}.{:02}", hundredths / 100, hundredths % 100);
    let rows = years.iter().flat_map(|year| {
        territory.places.iter().zip(&year.places).map(move |(place, f)| {
            vec![
                plain(&territory.name),
                year.year.to_string(),
                place.id.to_string(),
                plain(&place.name),
                gps(f.gps_hundredths),
                gps(f.exits_hundredths + f.stress_hundredths),
                gps(f.inflow_hundredths + f.installed_hundredths),
                f.people_left.to_string(),
                f.people_left_more.to_string(),
            ]
        })
    });
    csv_rows(&header.map(str::to_owned), rows)
}

/// `zoning.csv`: one row per zone, with its class and why.
pub fn zoning_csv(territory: &Territory, zoning: &Zoning, lang: Lang) -> String {
    let header = ["territory", "set", "zone", "people", "class", "why"];
    let rows = zoning.zones.iter().map(|z| {
        vec![
            plain(&territory.name),
            zoning.set.clone(),
            z.code.clone(),
            z.people.to_string(),
            z.class.map(|c| c.text().get(lang).to_owned()).unwrap_or_default(),
            z.why.text().get(lang).to_owned(),
        ]
    });
    csv_rows(&header.map(str::to_owned), rows)
}

/// One screen: the main figures of the territory itself, then what was assumed.
pub fn access_summary(territory: &Territory, access: &Access, lang: Lang) -> String {
    let w = Words(lang);
    let mut out =
        format!("{} · {}\n\n", printable(&territory.name), w.t("accès aux soins", "access to care"));
    let zone = if access.zones.contains_key(&Zone::Core) { Zone::Core } else { Zone::All };
    let figures: Vec<&Figure> = access.figures.iter().filter(|f| f.zone == zone).collect();
    let mut measure = "";
    for figure in figures.iter().filter(|f| shown(f)) {
        if figure.measure != measure {
            measure = &figure.measure;
            let title = access.titles.get(measure).map(|t| t.get(lang).to_owned());
            out += &format!("{}\n", printable(&title.unwrap_or_else(|| title_of(w, measure))));
        }
        let value = value(w, figure);
        out += &format!("  {:<58}{value:>16}\n", clip(&label(w, figure), 56));
    }
    out += &years(w, &figures);
    if !access.notes.is_empty() {
        out += &format!("\n{}\n", w.t("Hypothèses et limites :", "Assumptions and limits:"));
        for note in access.notes.iter().take(12) {
            for (i, part) in wrap(&printable(note.get(lang)), 86).iter().enumerate() {
                out += &format!("{}{part}\n", if i == 0 { "- " } else { "  " });
            }
        }
        if access.notes.len() > 12 {
            out += &w.t("- … la suite dans access.json\n", "- … more in access.json\n");
        }
    }
    out
}

/// A trajectory, one line a year.
fn years(w: Words, figures: &[&Figure]) -> String {
    let mut years: BTreeMap<u16, BTreeMap<&str, f64>> = BTreeMap::new();
    for f in figures.iter().filter(|f| f.measure == "trajectory") {
        years.entry(f.year.unwrap_or_default()).or_default().insert(f.indicator, f.value);
    }
    if years.is_empty() {
        return String::new();
    }
    let head = [
        w.t("médecins", "GPs"),
        w.t("départs", "leaving"),
        w.t("arrivées", "arriving"),
        w.t("personnes sans médecin", "people without a GP"),
    ];
    let mut out = format!(
        "{:<14}{:>12}{:>12}{:>12}{:>26}\n",
        w.t("Trajectoire", "Trajectory"),
        head[0],
        head[1],
        head[2],
        head[3]
    );
    for (year, row) in years {
        let at = |name: &str| row.get(name).copied().unwrap_or_default();
        let gps = |name: &str| w.number(at(name), 1);
        let left = w.int(at("people_without_gp").round() as u64);
        let [all, leaving, arriving] = ["gps", "gps_leaving", "gps_arriving"].map(gps);
        out += &format!("  {year:<12}{all:>12}{leaving:>12}{arriving:>12}{left:>26}\n");
    }
    out
}

/// The name of a measure in words.
fn title_of(w: Words, measure: &str) -> String {
    let (kind, rest) = measure.split_once(':').unwrap_or((measure, ""));
    match (kind, rest) {
        ("nearest", "") => w.t("Trajet au praticien le plus proche", "Time to the nearest practitioner"),
        ("available", "") => w.t("Trajet à un praticien disponible", "Time to a practitioner with room"),
        ("zoning", "") => w.t("Zonage", "Zoning"),
        (apl, "change") => {
            w.t(&format!("{apl} : gagnants et perdants"), &format!("{apl}: winners and losers"))
        }
        (apl, _) => apl.to_uppercase(),
    }
}

/// What stands on the screen; everything stands in the tables.
fn shown(f: &Figure) -> bool {
    const HIDDEN: [&str; 11] = [
        "share_within_of_open_point",
        "share_on_emergency_only",
        "people_within_of_open_care",
        "people_beyond",
        "median",
        "theil",
        "palma",
        "mean_by_population",
        "best_over_worst_tenth",
        "people_median_min",
        "mean_absolute_difference",
    ];
    const IF_ANY: [&str; 9] = [
        "people_near_unknown_supply",
        "people_of_unknown_time",
        "people_unknown",
        "people_in_zip",
        "people_in_zip_b",
        "people_in_zac",
        "people_in_zv",
        "people_in_vivier",
        "people_in_hors_vivier",
    ];
    let empty = f.value == 0.0 && IF_ANY.contains(&f.indicator);
    f.year.is_none() && !HIDDEN.contains(&f.indicator) && !f.indicator.starts_with("place") && !empty
}

fn value(w: Words, f: &Figure) -> String {
    let digits = match f.unit {
        "people" | "places" | "count" => return grouped(w.0, f.value.round() as i64),
        "min" => 1,
        _ => 2,
    };
    let text = w.number(f.value, digits);
    if f.unit == "min" { format!("{text}\u{a0}min") } else { text }
}

fn label(w: Words, f: &Figure) -> String {
    let limit =
        f.limit.map(|l| if w.0 == Lang::Fr { l.to_string().replace('.', ",") } else { l.to_string() });
    let limit = limit.unwrap_or_default();
    let (fr, en) = match f.indicator {
        "mean_by_standard_people" => {
            ("moyenne, pondérée par la population standardisée", "mean, weighted by standardised people")
        }
        "worst_tenth" => {
            ("dixième des habitants le moins bien desservi", "worst-served tenth of inhabitants")
        }
        "best_tenth" => ("dixième des habitants le mieux desservi", "best-served tenth of inhabitants"),
        "gini" => ("inégalité (Gini)", "inequality (Gini)"),
        "people_at_most" => {
            return w.t(&format!("habitants à {limit} ou moins"), &format!("inhabitants at {limit} or less"));
        }
        "people_within" => {
            return w.t(&format!("personnes à {limit} min ou moins"), &format!("people within {limit} min"));
        }
        "people_reaching_none" => ("personnes qui n'en atteignent aucun", "people who reach none"),
        "people_mean_min" => ("trajet moyen des personnes", "mean time of people"),
        "people_p95_min" => ("trajet du 95e centile des personnes", "95th percentile of people's time"),
        "people_longest_min" => ("trajet le plus long", "longest time"),
        "correlation" => ("corrélation avec la série publiée", "correlation with the published series"),
        "compared" => ("points comparés", "points compared"),
        "people_near_unknown_supply" => (
            "habitants à l'APL inconnue (offre inconnue à portée)",
            "inhabitants of unknown APL (unknown supply in reach)",
        ),
        "people_of_unknown_time" => (
            "personnes au trajet inconnu (offre inconnue à portée)",
            "people of unknown time (unknown supply in reach)",
        ),
        "people_unchanged" => ("habitants sans changement", "inhabitants without change"),
        "people_unknown" => ("habitants au changement inconnu", "inhabitants of unknown change"),
        "mean_gain" => ("gain moyen de ceux qui gagnent", "mean gain of those who gain"),
        "mean_loss" => ("perte moyenne de ceux qui perdent", "mean loss of those who lose"),
        "people_leaving_band" => {
            return w.t(
                &format!("habitants qui passent au-dessus de {limit}"),
                &format!("inhabitants who rise above {limit}"),
            );
        }
        "people_entering_band" => {
            return w.t(
                &format!("habitants qui tombent à {limit} ou moins"),
                &format!("inhabitants who fall to {limit} or less"),
            );
        }
        "people_in_zip_a" => ("habitants en ZIP-A", "inhabitants in ZIP-A"),
        "people_in_zip_b" => ("habitants en ZIP-B", "inhabitants in ZIP-B"),
        "people_in_zip" => ("habitants en ZIP", "inhabitants in ZIP"),
        "people_in_zac" => ("habitants en ZAC", "inhabitants in ZAC"),
        "people_in_zv" => ("habitants en zone de vigilance", "inhabitants in watch zones"),
        "people_in_vivier" => ("habitants dans le vivier", "inhabitants in the vivier"),
        "people_in_hors_vivier" => ("habitants hors vivier", "inhabitants outside the vivier"),
        "people_gaining" => ("habitants qui gagnent", "inhabitants who gain"),
        "people_losing" => ("habitants qui perdent", "inhabitants who lose"),
        "people_within_of_open_point" => {
            return w.t(
                &format!("habitants à {limit} min d'un point ouvert"),
                &format!("inhabitants within {limit} min of an open point"),
            );
        }
        "people_on_emergency_only" => (
            "habitants qui ne dépendent que des urgences",
            "inhabitants who depend on an emergency unit only",
        ),
        other => return other.replace('_', " "),
    };
    w.t(fr, en)
}
