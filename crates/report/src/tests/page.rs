use super::html::fault;
use super::*;
use crate::{report_html, summary};
use maillage_input::Lang;

const BOTH: [Lang; 2] = [Lang::Fr, Lang::En];

/// Every scenario worth a page.
fn every() -> Vec<(&'static str, Sample)> {
    let mut none = infeasible();
    none.record.status = Status::NoPlan;
    none.record.limit = Some("time".to_owned());
    none.record.clash.clear();
    let mut stopped = sample();
    stopped.record.status = Status::Feasible;
    stopped.record.limit = Some("time".to_owned());
    stopped.record.bound = Some(Hundredths::whole(8630));
    stopped.record.goals.truncate(1);
    stopped.record.goals[0].status = Status::Feasible;
    let mut unbounded = sample();
    unbounded.record.status = Status::Feasible;
    (unbounded.record.bound, unbounded.record.gap) = (None, None);
    unbounded.record.goals.truncate(1);
    unbounded.record.goals[0].status = Status::Feasible;
    let mut close = sample();
    close.record.status = Status::WithinGap;
    close.record.bound = Some(Hundredths::whole(8512));
    close.record.goals[0].status = Status::WithinGap;
    let mut second = sample();
    second.record.status = Status::Feasible;
    second.record.limit = Some("time".to_owned());
    second.record.goals[1].status = Status::Feasible;
    second.record.goals[1].bound = Some(Hundredths::whole(13_900));
    let mut nowhere = sample();
    nowhere.territory.contours = vec![None; 5];
    nowhere.territory.places.iter_mut().for_each(|p| p.point = None);
    vec![
        ("optimal", sample()),
        ("within gap", close),
        ("stopped", stopped),
        ("no bound", unbounded),
        ("second goal open", second),
        ("infeasible", infeasible()),
        ("no plan", none),
        ("p-median", location("p-median", 45_000, 45_000)),
        ("max-cover", location("max-cover", 9_000, 9_000)),
        ("set-cover", location("set-cover", 2, 2)),
        ("p-center", location("p-center", 12, 12)),
        ("p-median, gap", location("p-median", 45_000, 44_910)),
        ("no map", nowhere),
    ]
}

#[test]
fn pages_are_well_formed() {
    for (name, s) in every() {
        for lang in BOTH {
            let mut seen = Vec::new();
            let page = report_html(&s.view(), lang);
            assert!(page.len() > 5_000, "{name}");
            assert_eq!(fault(&page, &mut seen), None, "{name} {lang:?}");
            let scripts = seen.iter().filter(|n| *n == "script").count();
            assert_eq!(scripts, if name == "no map" { 2 } else { 3 }, "{name}");
            assert_eq!(seen.iter().filter(|n| *n == "h1").count(), 1);
        }
    }
}

#[test]
fn hostile_names_stay_text() {
    let s = sample();
    for lang in BOTH {
        let page = report_html(&s.view(), lang);
        assert!(!page.contains("<script>alert"), "{lang:?}");
        assert!(!page.contains("<!--"));
        assert!(!page.contains("<b>two") && !page.contains("<b>deux"));
        let start = page.find("id=\"map-data\">").unwrap() + "id=\"map-data\">".len();
        let json = &page[start..start + page[start..].find("</script>").unwrap()];
        let data: serde_json::Value = serde_json::from_str(json).unwrap();
        let names: Vec<&str> =
            data["places"].as_array().unwrap().iter().map(|p| p[0].as_str().unwrap()).collect();
        assert_eq!(names, ["Ville", "-Bourg, le", EVIL, "Ailleurs", "Nulle part"]);
        // The cell of the place without a contour first, then contours; the place without a position is not drawn.
        assert_eq!(data["drawn"], serde_json::json!([3, 0, 1, 2]));
        let shapes = page.split(" class=\"c").filter(|c| c.starts_with(" k") || c.starts_with(" a k"));
        let classes: String = shapes.filter_map(|c| c.split_once(" k")?.1.chars().next()).collect();
        assert_eq!(classes, "2415");
        let plan = &data["plans"][0];
        assert_eq!(plan["attached"], serde_json::json!([[[4500, 0, 0, 0, 0]], [[5400, 1100, 1500, 500, 0]]]));
        // -1 is out of reach: before, the one open site is in the first place, 9.5 and 21 minutes from the next two.
        assert_eq!(plan["minutes"][0], serde_json::json!([[0, 950, 2100, -1, -1]]));
        // Who goes where: sites by identifier, then place, people, tenths of a minute.
        let sites: Vec<&str> =
            plan["sites"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
        assert_eq!(sites, ["Ville", EVIL, "-Bourg, le"]);
        assert_eq!(plan["flows"][0], serde_json::json!([[[0, [0, 4500, 0]]]]));
        assert_eq!(plan["flows"][1][0][1], serde_json::json!([1, [2, 1500, 0, 3, 500, 113]]));
    }
}

#[test]
fn equal_plans_give_equal_bytes_whatever_the_time_they_took() {
    let (a, mut b) = (sample(), sample());
    b.record.cpu_seconds = None;
    b.record.wall_seconds = 99.0;
    b.record.peak_memory_mb = Some(512.0);
    for lang in BOTH {
        assert_eq!(report_html(&a.view(), lang), report_html(&b.view(), lang));
    }
    // How the gap closed stands in one section, and nowhere else.
    b.record.progress[1].seconds = 9.5;
    for lang in BOTH {
        let [a, b] = [&a, &b].map(|s| report_html(&s.view(), lang));
        assert!(a != b);
        let timeless = |page: &str| {
            let (before, rest) = page.split_once("<section data-times").unwrap();
            format!("{before}{}", rest.split_once("</section>").unwrap().1)
        };
        assert_eq!(timeless(&a), timeless(&b));
    }
}

#[test]
fn page_one_says_what_for_whom_and_where_from() {
    let s = sample();
    let page = report_html(&s.view(), Lang::En);
    // 900 + 1,100 + 1,500 more attached in the three communes of the territory; 8,000 of its 10,000 people, 4,500 before.
    for said in [
        "The plan opens 1\u{a0}site, extends 1\u{a0}existing site and costs €1,020,000 excluding tax.",
        "In the territory, 80% of the people counted are on the list of a GP with the plan, 45% without it.",
        "Who gains, who loses: 3,500 more people are on a list in 3\u{a0}communes; no commune loses.",
        "GPs: register of the tests.",
        "maillage solve essai.json --time-limit 60 --gap 0.0001 --threads 1 --seed 7",
    ] {
        assert!(page.contains(said), "{said}");
    }
    // People by travel time: 6,000 at their site, 2,500 at 9.5 min, 1,500 at 21 min before; all at their site after.
    let times = &page[page.find("id=\"h-times\"").unwrap()..];
    let row = |name: &str, a: &str, b: &str| {
        let row = format!(
            "<tr><th scope=\"row\">{name}</th><td class=\"num\">{a}</td><td class=\"num\">{b}</td></tr>"
        );
        assert!(times.contains(&row), "{row}");
    };
    row("5 min or less", "6,000", "10,000");
    row("5 to 10 min", "2,500", "0");
    row("20 to 30 min", "1,500", "0");
    // What was known when: 8,000 of at most 8,700 people after a quarter of a second, (8700 - 8000) / 8000 = 8.75 %, upwards.
    let times = &page[page.find("id=\"h-progress\"").unwrap()..];
    assert!(times.contains("People on the list of a GP: proven optimal after 0.50 s."), "{times}");
    let cells = ["0.25", "8,000", "8,700", "8.8%"].map(|c| format!("<td class=\"num\">{c}</td>")).concat();
    assert!(times.contains(&format!("<th scope=\"row\">people on the list of a GP</th>{cells}")), "{times}");
    // Nothing is brief about what is not there.
    assert!(!report_html(&infeasible().view(), Lang::En).contains("class=\"brief\""));
}

/// What takes long on large territories waits: the list of communes is text to a browser that runs the script, and shapes
/// have no names of their own.
#[test]
fn large_pages_open_with_little() {
    let s = sample();
    let page = report_html(&s.view(), Lang::Fr);
    let (_, text) = page.split_once("<noscript>").unwrap();
    let (list, rest) = text.split_once("</noscript>").unwrap();
    assert!(rest.trim_start().starts_with("</details>") && !rest.contains("<noscript>"));
    assert!(
        list.contains("data-filter") && list.contains("<small>42003</small>") && !list.contains("<script")
    );
    assert_eq!(list.matches("<tr>").count(), 4, "a heading and three communes");
    let named = |page: &str| page.matches(")</title></path>").count();
    assert_eq!(named(&page), 4);
    // Two thousand more along a parallel.
    let more = (0..2000).map(|i| {
        let point = Some(LonLat { lon: 4.0 + f64::from(i) / 10_000.0, lat: 46.0 });
        Place { point, ..Place::new(PlaceId::new(&(50_000 + i).to_string()).unwrap(), "Autre", Persons(1)) }
    });
    let places: Vec<Place> = s.territory.places.iter().cloned().chain(more).collect();
    let source = TravelSource::Proxy { speed: ProxySpeed::default() };
    let travel = TravelTimes::new(places.len(), Minutes::whole(30), source, []);
    let large = Territory::from_parts("Grand pays", places, travel).unwrap();
    let many = report_html(&View { territory: &large, access: None, ..s.view() }, Lang::Fr);
    assert_eq!((named(&many), many.matches("<path d=").count() > 2000), (0, true));
    assert!(many.contains("class=\"share many\"") && !page.contains("share many"));
}

#[test]
fn a_page_loads_nothing() {
    let page = report_html(&sample().view(), Lang::Fr);
    assert!(page.contains("default-src 'none'"));
    for forbidden in ["http:", "https:", "src=", "@import", "url(//"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert!(page.contains("<html lang=\"fr\">"));
    assert!(report_html(&sample().view(), Lang::En).contains("<html lang=\"en\">"));
}

/// What each kind of result claims, in both languages.
#[test]
fn verdicts() {
    let mut out = String::new();
    for (name, s) in every() {
        for lang in BOTH {
            let v = crate::verdict::verdict(crate::words::Words(lang), &s.record);
            out += &format!("{name}: [{}] {} {}\n", v.badge, v.claim, v.more.join(" "));
        }
    }
    insta::assert_snapshot!(out.replace(['\u{a0}', '\u{202f}'], "~"));
}

#[test]
fn summaries_fit_one_screen() {
    for (name, s) in every() {
        for lang in BOTH {
            let text = summary(&s.record, lang);
            assert!(text.lines().count() <= 24, "{name}\n{text}");
            assert!(text.lines().all(|l| l.chars().count() <= 100), "{name}\n{text}");
        }
    }
    let mut many = sample();
    let opened = many.record.sites[1].clone();
    many.record.sites.extend(vec![opened; 40]);
    many.record.title.fr = "\u{1b}[31mrouge".to_owned();
    let text = summary(&many.record, Lang::Fr);
    assert!(text.lines().count() <= 24 && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn summary_in_french_and_english() {
    let visible = |lang| summary(&sample().record, lang).replace(['\u{a0}', '\u{202f}'], "~");
    insta::assert_snapshot!("summary_fr", visible(Lang::Fr));
    insta::assert_snapshot!("summary_en", visible(Lang::En));
    insta::assert_snapshot!("summary_infeasible", summary(&infeasible().record, Lang::En));
}
