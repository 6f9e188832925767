use super::html::fault;
use super::*;
use crate::{SuiteScenario, SuiteSite, SuiteTable, SuiteView, plan_data, suite_html};
use maillage_input::Lang;

fn goal(objective: i64, bound: i64) -> GoalRecord {
    GoalRecord {
        goal: "people-attached".to_owned(),
        sense: "max".to_owned(),
        unit: "people".to_owned(),
        status: if objective == bound { Status::Optimal } else { Status::Feasible },
        objective: Some(Hundredths::whole(objective)),
        bound: Some(Hundredths::whole(bound)),
        gap: None,
    }
}

fn scenario(name: &str, status: Option<Status>, goals: Vec<GoalRecord>) -> SuiteScenario {
    SuiteScenario {
        name: name.to_owned(),
        end: "fin".to_owned(),
        status,
        people_attached: goals.first().and_then(|g| g.objective),
        goals,
        sites_opened: Some(2),
        cost_eur: Some(Euros(300_000)),
        page: Some(format!("{name}/report.html")),
        data: None,
    }
}

#[test]
fn the_page_of_a_suite_says_what_is_proven_and_what_changes() {
    let s = sample();
    let mut scenarios = [
        scenario("base", Some(Status::Optimal), vec![goal(8500, 8500)]),
        scenario("pauvre", Some(Status::Feasible), vec![goal(8000, 8080)]),
        scenario("faux", None, Vec::new()),
    ];
    let site = |code: &str, name: &str, plans, how| SuiteSite {
        code: code.to_owned(),
        name: name.to_owned(),
        plans,
        how,
    };
    let sites = [site("42003", EVIL, 2, "everywhere"), site("42002", "Bourg", 0, "never")];
    let tables = [SuiteTable {
        caption: titles("Par zone", "By zone"),
        head: vec![titles("Zone", "Zone"), titles("base", "base")],
        lines: vec![vec![EVIL.to_owned(), "+12".to_owned()]],
    }];
    for lang in [Lang::Fr, Lang::En] {
        let view = SuiteView {
            title: "Trois scénarios",
            territory: Some(&s.territory),
            scenarios: &scenarios,
            sites: &sites,
            plans: 2,
            tables: &tables,
        };
        let mut seen = Vec::new();
        let page = suite_html(&view, lang);
        assert_eq!(fault(&page, &mut seen), None);
        assert!(!page.contains("<script>alert"), "a name is text");
        assert_eq!(seen.iter().filter(|n| *n == "script").count(), 2, "nothing to compare: {lang:?}");
        assert!(page.contains("href=\"pauvre/report.html\""));
        // 80 of 8,000 may still be gained; 500 fewer than the base.
        let gap = if lang == Lang::Fr { "1,0\u{202f}%" } else { "1.0%" };
        assert!(page.contains(gap), "{page}");
        assert!(page.contains("\u{2212}500"));
        // One commune has a circle, the other none.
        assert_eq!(page.matches("<circle cx=").count(), 1);
        let without = suite_html(&SuiteView { territory: None, ..view }, lang);
        assert!(!without.contains("class=\"suite\"") && without.contains("Bourg"));
    }
    // Two plans with places: two maps, whose shapes the page holds once.
    for scenario in &mut scenarios[..2] {
        scenario.data = Some(plan_data(&s.view()));
    }
    let view = SuiteView {
        title: "Deux",
        territory: Some(&s.territory),
        scenarios: &scenarios,
        sites: &sites,
        plans: 2,
        tables: &tables,
    };
    let mut seen = Vec::new();
    let page = suite_html(&view, Lang::Fr);
    assert_eq!(fault(&page, &mut seen), None);
    assert!(!page.contains("<script>alert"));
    assert_eq!(page.matches("class=\"c k").count() + page.matches("class=\"c a k").count(), 4);
    let json = page.split_once("id=\"map-data\">").unwrap().1.split_once("</script>").unwrap().0;
    let data: serde_json::Value = serde_json::from_str(json).unwrap();
    let named: Vec<&str> =
        data["plans"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert_eq!(named, ["base", "pauvre"]);
    // With the plan alone: what was before is not compared, nor is who goes where.
    assert_eq!(data["plans"][0]["attached"], serde_json::json!([[], [[5400, 1100, 1500, 500, 0]]]));
    assert!(data["plans"][0].get("flows").is_none());
    let decided: Vec<_> =
        data["plans"][0]["sites"].as_array().unwrap().iter().map(|s| &s["number"]).collect();
    assert_eq!(decided, [1, 2]);
    assert_eq!(data["places"][2][0], EVIL);
}

#[test]
fn plans_over_years_are_compared_in_every_year() {
    let s = super::programme::health();
    let plan: serde_json::Value = serde_json::from_str(&plan_data(&s.view())).unwrap();
    let years = plan["years"].as_array().unwrap().len();
    assert_eq!(years, 2);
    for name in ["people", "minutes", "attached"] {
        let last = plan[name].as_array().unwrap().last().unwrap();
        assert_eq!(last.as_array().unwrap().len(), years, "{name}");
    }
}
