//! What money buys: one point a scenario, its bound above it.

use crate::map::escape;
use crate::suite::SuiteScenario;
use crate::words::Words;
use maillage_programme::{Euros, Hundredths};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Size of the drawing and where its axes stand, in pixels.
const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 250.0;
const LEFT: f64 = 66.0;
const RIGHT: f64 = 440.0;
const TOP: f64 = 22.0;
const BOTTOM: f64 = 208.0;
/// Most points that keep their names.
const NAMED: usize = 12;

struct Point<'a> {
    name: &'a str,
    cost: Euros,
    people: Hundredths,
    bound: Option<Hundredths>,
}

/// People attached by cost; `None` below three different costs. The table of scenarios holds the same figures.
pub(crate) fn frontier(w: Words, scenarios: &[SuiteScenario]) -> Option<String> {
    let mut points: Vec<Point<'_>> = scenarios
        .iter()
        .filter_map(|s| {
            // Only a goal that counts the same people has a bound on them.
            let goal = s.goals.first().filter(|g| g.objective == s.people_attached);
            let bound = goal.and_then(|g| g.bound);
            Some(Point { name: &s.name, cost: s.cost_eur?, people: s.people_attached?, bound })
        })
        .collect();
    points.sort_by_key(|p| (p.cost.0, p.people.0));
    let costs: BTreeSet<i64> = points.iter().map(|p| p.cost.0).collect();
    let (low, high) = (*costs.first()?, *costs.last()?);
    let least = points.iter().map(|p| p.people.0).min()?;
    let most = points.iter().flat_map(|p| [Some(p.people), p.bound]).flatten().map(|h| h.0).max()?;
    if costs.len() < 3 || least == most {
        return None;
    }
    let x = |e: i64| LEFT + (RIGHT - LEFT) * (e - low) as f64 / (high - low) as f64;
    let y = |h: i64| BOTTOM - (BOTTOM - TOP) * (h - least) as f64 / (most - least) as f64;
    let title = w.t("Personnes rattachées selon le coût", "People attached by cost");
    let mut out = format!(
        "<svg class=\"chart small-chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{title}\"><path d=\"M{LEFT} {TOP}V{BOTTOM}H{RIGHT}\" class=\"axis\"/>"
    );
    // Writing to a string does not fail.
    for value in [least, most] {
        let _ = write!(
            out,
            "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 6.0,
            y(value) + 4.0,
            w.figure(Hundredths(value))
        );
    }
    for (value, anchor) in [(low, "start"), (high, "end")] {
        let _ = write!(
            out,
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
            x(value),
            BOTTOM + 18.0,
            w.euros(Euros(value))
        );
    }
    for p in &points {
        let (px, py) = (x(p.cost.0), y(p.people.0));
        if let Some(bound) = p.bound.filter(|b| *b > p.people) {
            let _ = write!(out, "<path class=\"axis\" d=\"M{px:.1} {py:.1}V{0:.1}m-4 0h8\"/>", y(bound.0));
        }
        let _ = write!(
            out,
            "<circle class=\"p0\" cx=\"{px:.1}\" cy=\"{py:.1}\" r=\"4.5\"><title>{}\n{} · {}</title></circle>",
            escape(p.name),
            w.euros(p.cost),
            w.figure(p.people)
        );
        if points.len() <= NAMED {
            let (dx, anchor) = if px > (LEFT + RIGHT) / 2.0 { (-8.0, "end") } else { (8.0, "start") };
            let short: String = p.name.chars().take(24).collect();
            let _ = write!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>",
                px + dx,
                py - 6.0,
                escape(&short)
            );
        }
    }
    out.push_str("</svg>");
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use maillage_input::Lang;

    fn scenario(name: &str, cost: i64, people: i64) -> SuiteScenario {
        SuiteScenario {
            name: name.to_owned(),
            end: String::new(),
            status: None,
            goals: Vec::new(),
            sites_opened: None,
            people_attached: Some(Hundredths::whole(people)),
            cost_eur: Some(Euros(cost)),
            page: None,
            data: None,
        }
    }

    #[test]
    fn points_stand_where_money_and_people_say() {
        let all = [scenario("a", 0, 1000), scenario("<b>", 500, 1500), scenario("c", 1000, 2000)];
        let svg = frontier(Words(Lang::En), &all).unwrap();
        // Half of the money and half of the people: the middle of both axes, (66 + 440) / 2 and (22 + 208) / 2.
        assert!(svg.contains("cx=\"253.0\" cy=\"115.0\""), "{svg}");
        assert!(svg.contains("&lt;b&gt;") && !svg.contains("<b>"));
        assert_eq!(frontier(Words(Lang::En), &all[..2]), None);
    }
}
