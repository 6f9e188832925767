//! One screen of terminal.

use crate::figures::{decided, has_plan, zones};
use crate::health;
use crate::rows::{NOTHING, rows};
use crate::verdict::verdict;
use crate::words::Words;
use maillage_input::Lang;
use maillage_programme::{IndicatorName, ResultRecord, SiteStatus, Zone};
use std::fmt::Write as _;

/// Widest line, in characters.
pub(crate) const WIDTH: usize = 90;
/// Most openings that are listed one by one.
const MOST: usize = 4;

/// A one-screen summary for the terminal: the claim, what opens, what changes, where times come from.
pub fn summary(record: &ResultRecord, lang: Lang) -> String {
    let w = Words(lang);
    let mut out = String::new();
    let mut line = |text: &str| {
        // Writing to a string does not fail.
        let _ = writeln!(out, "{}", text.trim_end());
    };
    line(&format!("{} · {}", printable(w.title(&record.title)), printable(&record.scenario)));
    let claim = verdict(w, record);
    let claimed = printable(&format!("{}. {}", claim.badge.to_uppercase(), claim.claim));
    for part in wrap(&claimed, WIDTH).iter().take(5) {
        line(part);
    }
    if has_plan(record) {
        claim.more.iter().take(1).flat_map(|more| wrap(&printable(more), WIDTH)).for_each(|part| line(&part));
        line("");
        match &record.programme {
            Some(programme) => health::screen(w, record, programme, &mut line),
            None => {
                openings(w, record, &mut line);
                figures(w, record, &mut line);
            }
        }
    } else {
        for part in claim.more.iter().flat_map(|more| wrap(more, WIDTH)).take(4) {
            line(&part);
        }
        for clash in record.clash.iter().take(6) {
            let text = format!("- {} ({})", printable(w.title(&clash.text)), clash.pointer);
            wrap(&text, WIDTH).iter().take(2).for_each(|part| line(part));
        }
    }
    line("");
    let times = format!("{} {}", w.t("Trajets :", "Travel:"), printable(w.title(&record.travel.label)));
    wrap(&times, WIDTH).iter().take(2).for_each(|part| line(part));
    let seconds = w.tenths((record.wall_seconds * 10.0).round() as i64);
    line(&format!(
        "{} {seconds} s · {}",
        w.t("Durée :", "Time:"),
        w.t(&format!("graine {}", record.seed), &format!("seed {}", record.seed))
    ));
    out
}

/// What opens or grows, and the money.
fn openings(w: Words, record: &ResultRecord, line: &mut dyn FnMut(&str)) {
    let decided = decided(record);
    let siting = record.problem == "siting";
    let mut head = w.count(decided.len() as u64, ("décision", "décisions"), ("decision", "decisions"));
    if let Some(cost) = record.cost_eur {
        head += &match record.budget_eur {
            Some(budget) => w.t(
                &format!(" ; {} HT sur un budget de {}", w.euros(cost), w.euros(budget)),
                &format!("; {} excluding tax, of a budget of {}", w.euros(cost), w.euros(budget)),
            ),
            None => w.t(
                &format!(" ; {} HT, sans plafond", w.euros(cost)),
                &format!("; {} excluding tax, no ceiling", w.euros(cost)),
            ),
        };
    }
    line(&head);
    for site in decided.iter().take(MOST) {
        let status = match site.status {
            SiteStatus::Extended => w.t("agrandi", "extended"),
            _ => w.t("ouvert", "opened"),
        };
        let kind = site.structure_type.as_ref().map(|k| format!(" {k}")).unwrap_or_default();
        let mut text = format!("  {status:<9}{:<30}", clip(&printable(&site.name), 28));
        if siting {
            text += &format!(
                "{:<16}{:>3} {:<4}{:>7} {}",
                clip(kind.trim(), 15),
                w.decimal(site.gps),
                w.t("MG", "GPs"),
                w.int(site.attached),
                w.t("rattachés", "attached")
            );
        }
        line(&text);
    }
    if decided.len() > MOST {
        let n = decided.len() - MOST;
        line(&w.t(&format!("  … et {n} de plus (sites.csv)"), &format!("  … and {n} more (sites.csv)")));
    }
    line("");
}

/// The figures of the territory itself, or of all places when none is core.
fn figures(w: Words, record: &ResultRecord, line: &mut dyn FnMut(&str)) {
    use IndicatorName::*;
    let zones = zones(record);
    let Some(zone) = zones.get(&Zone::Core).or_else(|| zones.get(&Zone::All)) else { return };
    let title = clip(&printable(&record.territory), 44);
    let (before, after, change) = (w.t("avant", "before"), w.t("après", "after"), w.t("écart", "change"));
    line(&format!("{title:<46}{before:>15}{after:>15}{change:>12}"));
    let shown = [
        PeopleAttached,
        PeopleUnattached,
        MinutesAttachedMean,
        PeopleWithin15Min,
        PeopleWithoutSite,
        MinutesNearestMean,
        MinutesNearestMax,
        AplMean,
        PeopleAplAtMost25,
    ];
    // Nobody out of reach goes without saying; anybody does not.
    let reached = zone.get(&PeopleWithoutSite).is_none_or(|v| v.iter().flatten().all(|v| v.0 == 0));
    // Where people are on lists, the time to the nearest site says less than theirs.
    let lists = zone.contains_key(&PeopleAttached);
    let left_out = |name| (reached && name == PeopleWithoutSite) || (lists && name == MinutesNearestMean);
    let shown = |name| shown.contains(&name) && !left_out(name);
    for row in rows(w, zone).iter().filter(|r| shown(r.name)) {
        // The share takes room that a terminal lacks.
        let bare = |text: &str| text.split(" (").next().unwrap_or(NOTHING).to_owned();
        let (before, after) = (bare(&row.before), bare(&row.after));
        line(&format!("{:<46}{before:>15}{after:>15}{:>12}", row.label, row.change));
    }
}

/// Names come from files: no control character reaches the terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The first characters of a text.
pub(crate) fn clip(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// Breaks a text into lines at spaces.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let Some(last) = lines.last_mut() else { break };
        if last.is_empty() {
            last.push_str(word);
        } else if last.chars().count() + 1 + word.chars().count() <= width {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}
