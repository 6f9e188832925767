//! The page of a frontier.

use super::{EVIL, titles};
use crate::{FrontierPoint, FrontierSite, FrontierView, frontier_html};
use maillage_input::Lang;
use maillage_programme::{Euros, GoalRecord, Hundredths, Status};

const BOTH: [Lang; 2] = [Lang::Fr, Lang::En];

fn goal(sense: &str) -> GoalRecord {
    GoalRecord {
        goal: "people-attached".to_owned(),
        sense: sense.to_owned(),
        unit: "people".to_owned(),
        status: Status::NoPlan,
        objective: None,
        bound: None,
        gap: None,
    }
}

fn point(value: i64, status: Status, people: Option<(i64, i64)>, opened: &[&str]) -> FrontierPoint {
    FrontierPoint {
        number: Some(value),
        word: value.to_string(),
        status,
        objective: people.map(|(people, _)| Hundredths::whole(people)),
        bound: people.map(|(_, bound)| Hundredths::whole(bound)),
        cost: people.map(|_| Euros(value / 2)),
        opened: opened.iter().map(|code| (*code).to_owned()).collect(),
    }
}

fn site(code: &str, name: &str, first: usize, stays: Option<usize>, points: usize) -> FrontierSite {
    FrontierSite { code: code.to_owned(), name: name.to_owned(), first, stays, points }
}

/// No plan with 0 €, then 1,000 people, 3,000, and 3,000 again.
fn points() -> Vec<FrontierPoint> {
    use Status::*;
    vec![
        point(0, Infeasible, None, &[]),
        point(100_000, Optimal, Some((1_000, 1_000)), &["a"]),
        point(600_000, Feasible, Some((3_000, 3_300)), &["b"]),
        point(800_000, Optimal, Some((3_000, 3_000)), &["b"]),
    ]
}

fn page(pointer: &str, sense: &str, points: &[FrontierPoint], lang: Lang) -> String {
    let sites = [site("b", "Bourg", 2, Some(2), 2), site("a", EVIL, 1, None, 1)];
    let (title, goal) = (titles("Essai <b>", "Test <b>"), goal(sense));
    let view = FrontierView {
        title: &title,
        scenario: "essai",
        territory: "Pays",
        pointer,
        goal: &goal,
        stopped: true,
        points,
        sites: &sites,
    };
    frontier_html(&view, lang)
}

const BUDGET: &str = "/problem/limits/budget_eur";

#[test]
fn the_verdict_says_what_money_buys() {
    let page = page(BUDGET, "max", &points(), Lang::En);
    for said in [
        "From €100,000 to €800,000: people on the list of a GP, from 1,000 people to 3,000 people.",
        "No plan keeps all rules with €0: this is proven.",
        // 2,000 people more for 500,000 euros: 400 for each 100,000.
        "The step that buys most goes from €100,000 to €600,000: 400 people per €100,000.",
        // 3,000 at 600,000 is not proven there, though 800,000 cannot do better.
        "From €600,000 on no better plan was found",
        "Proven optimal at 2 of 3\u{a0}points; elsewhere no plan can be better by more than 10%. The search was stopped",
        "Plans are not all nested: &#60;/script&#62;",
    ] {
        assert!(page.contains(said), "{said}\n{}", &page[page.find("<main").unwrap()..]);
    }
    // The step with what opens and what no longer does; the one that changes nothing is left out.
    let cells = ["€600,000", "+2,000", "+400"].map(|c| format!("<td class=\"num\">{c}</td>")).concat();
    let row = format!("<tr><th scope=\"row\">€100,000</th>{cells}<td>Bourg</td><td>");
    assert!(page.contains(&row), "{row}");
    let steps = &page[page.find("id=\"h-steps\"").unwrap()..page.find("id=\"h-sites\"").unwrap()];
    assert_eq!(steps.matches("<tr>").count(), 2, "{steps}");
    assert!(page.contains("<section class=\"verdict feasible\""));
}

#[test]
fn a_page_is_text_and_loads_nothing() {
    for lang in BOTH {
        for (pointer, sense) in
            [(BUDGET, "max"), ("/problem/limits/max_new_sites", "min"), ("/solve/x", "max")]
        {
            let page = page(pointer, sense, &points(), lang);
            assert_eq!(page.matches("<script").count(), 1);
            assert!(!page.contains("<b>") && !page.contains("NaN") && !page.contains("inf\""));
            for forbidden in ["http:", "https:", "src=", "@import", "url(//"] {
                assert!(!page.contains(forbidden), "{forbidden}");
            }
            assert_eq!(page.matches("<circle").count(), 3, "one for each plan");
        }
    }
    assert!(page(BUDGET, "max", &points(), Lang::Fr).contains("400 personnes par 100\u{202f}000\u{a0}€"));
}

#[test]
fn odd_frontiers() {
    for lang in BOTH {
        let none = page(BUDGET, "max", &points()[..1], lang);
        assert!(none.contains("verdict infeasible") && !none.contains("<svg"));
        assert!(page(BUDGET, "max", &[], lang).contains("verdict infeasible"));
        // One plan is no curve and no step.
        let one = page(BUDGET, "max", &points()[..2], lang);
        assert!(!one.contains("<svg") && !one.contains("id=\"h-steps\""));
        // Words instead of numbers, in an order of their own.
        let mut words = points();
        words.iter_mut().for_each(|p| p.number = None);
        assert!(page(BUDGET, "max", &words, lang).contains("<circle"));
        let mut turned = points();
        turned.reverse();
        assert!(page(BUDGET, "max", &turned, lang).contains("<circle"));
        let mut great = points();
        great[1].number = Some(i64::MIN);
        great[3].number = Some(i64::MAX);
        // As large as a result holds.
        great[1].objective = Some(Hundredths(-8_000_000_000_000_000));
        great[3].objective = Some(Hundredths(9_000_000_000_000_000));
        page(BUDGET, "min", &great, lang);
    }
    // Less is better: from 3,000 to 1,000 is a gain.
    let mut falling = points();
    for (p, people) in falling.iter_mut().skip(1).zip([3_000, 1_000, 1_000]) {
        (p.objective, p.bound) = (Some(Hundredths::whole(people)), Some(Hundredths::whole(people)));
    }
    assert!(page(BUDGET, "min", &falling, Lang::En).contains("400 people per €100,000"));
}
