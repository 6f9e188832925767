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
            assert_eq!(scripts, if name == "no map" { 0 } else { 2 }, "{name}");
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
            data["names"].as_array().unwrap().iter().map(|n| n.as_str().unwrap()).collect();
        assert_eq!(
            names,
            ["Ailleurs (42004)", "Ville (42001)", "-Bourg, le (42002)", &format!("{EVIL} (42003)")]
        );
        // One class per place drawn, in the same order.
        assert_eq!(data["classes"]["attached-after"], "2415");
        assert_eq!(data["classes"]["attached-before"], "0300");
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
