//! Results of health programmes.

use super::html::fault;
use super::programme::health;
use super::*;
use crate::figures::{Figures, zones};
use crate::health::{blocks, supply};
use crate::words::Words;
use crate::{
    assignments_csv, indicators_csv, money_csv, plan_geojson, posts_csv, report_html, sites_csv, summary,
};
use maillage_input::Lang;

const BOTH: [Lang; 2] = [Lang::Fr, Lang::En];

fn visible(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], "~")
}

/// Every sentence and cell of the sections.
fn told(s: &Sample, lang: Lang) -> String {
    let mut out = String::new();
    for block in blocks(Words(lang), &s.view()) {
        out += &format!("# {}\n", block.title);
        out.extend(block.said.iter().map(|said| format!("{said}\n")));
        for table in &block.tables {
            let row = |cells: &[crate::health::Cell]| {
                let cell = |c: &crate::health::Cell| {
                    let pin = c.pin.map(|(n, class)| format!("({n} {class}) ")).unwrap_or_default();
                    let small = if c.small.is_empty() { String::new() } else { format!(" [{}]", c.small) };
                    format!("{pin}{}{small}", c.text)
                };
                cells.iter().map(cell).collect::<Vec<_>>().join(" | ") + "\n"
            };
            out += &format!("## {}\n{}", table.caption, row(&table.head));
            out.extend(table.lines.iter().map(|l| row(&l.cells)));
        }
    }
    visible(&out)
}

#[test]
fn sections_as_written() {
    insta::assert_snapshot!("health_sections_fr", told(&health(), Lang::Fr));
    insta::assert_snapshot!("health_sections_en", told(&health(), Lang::En));
}

#[test]
fn one_screen() {
    for (lang, name) in [(Lang::Fr, "health_summary_fr"), (Lang::En, "health_summary_en")] {
        insta::assert_snapshot!(name, visible(&summary(&health().record, lang)));
    }
    let mut many = health();
    let programme = many.record.programme.as_mut().unwrap();
    let mut one = programme.structures[0].clone();
    one.site_id = site("nulle-part");
    programme.structures.extend(vec![one; 30]);
    programme.futures[0].pools[0].pool = "\u{1b}[31m".into();
    for lang in BOTH {
        let text = summary(&many.record, lang);
        assert!(text.lines().count() <= 45 && !text.contains('\u{1b}'), "{text}");
        assert!(text.lines().all(|l| l.chars().count() <= 100), "{text}");
        // 32 decisions, of which 12 are listed.
        assert!(text.contains("20 de plus") || text.contains("… 20 more"), "{text}");
    }
}

#[test]
fn tables_as_written() {
    let s = health();
    insta::assert_snapshot!("health_posts_csv", posts_csv(&s.view()));
    insta::assert_snapshot!("health_money_csv", money_csv(&s.record));
    let rows = assignments_csv(&s.view());
    let mut lines = rows.lines();
    assert_eq!(lines.next(), Some("scenario,state,from_id,site_id,people,minutes,year,future"));
    assert_eq!(lines.next(), Some("essai,before,42001,cabinet-42001,5000,0,2025,"));
    assert!(rows.contains("\nessai,after,42003,candidat-42003,1400,0,2027,central\n"));
    let mut nobody = health();
    nobody.assignments.clear();
    assert_eq!(assignments_csv(&nobody.view()).lines().next(), rows.lines().next());
    assert!(indicators_csv(&s.view()).contains(",people_attached,all,after,2026,5500,people\n"));
    let sites = sites_csv(&s.view());
    assert_eq!(sites.lines().count(), 4);
    assert!(sites.lines().next().unwrap().ends_with(",cost_eur,opens,closes"), "{sites}");
    assert!(
        sites.lines().any(|l| l.starts_with("essai,candidat-42003,") && l.ends_with(",2026,")),
        "{sites}"
    );
    assert_eq!(money_csv(&sample().record).lines().count(), 1);
    let layers = plan_geojson(&s.view());
    assert!(layers.contains("\"opens\":2026") && layers.contains("\"year\":2027"));
    // What has closed is told too, without figures.
    let mut gone = health();
    gone.record.sites.retain(|site| site.site_id.as_str() != "pole");
    let structures = &mut gone.record.programme.as_mut().unwrap().structures;
    structures.iter_mut().filter(|s| s.site_id.as_str() == "pole").for_each(|s| s.closes = Some(2027));
    let sites = sites_csv(&gone.view());
    let row = sites.lines().find(|l| l.contains(",pole,")).unwrap();
    assert!(row.contains(",closed,") && row.ends_with(",,,,,,2027"), "{row}");
    assert!(plan_geojson(&gone.view()).contains("\"closes\":2027"));
}

#[test]
fn no_cell_is_a_formula() {
    let mut s = health();
    let future = &mut s.record.programme.as_mut().unwrap().futures[0];
    future.future = "=f()".into();
    future.money[0].payer = "@payer".into();
    future.posts[0].profession = "+gp".into();
    s.assignments[1].future = Some("-1+1".into());
    let texts = [posts_csv(&s.view()), money_csv(&s.record), assignments_csv(&s.view())];
    for text in texts {
        for cell in text.lines().flat_map(|l| l.split(',')).filter(|c| c.parse::<f64>().is_err()) {
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
        }
    }
}

/// The map and the figures are those of 2027 in the first future, never sums over years or futures.
#[test]
fn years_and_futures_are_not_mixed() {
    let s = health();
    let figures = Figures::of(&s.view());
    let at = |place: u32| figures.at(PlaceIx(place)).attached;
    assert_eq!([at(0), at(1), at(2), at(3)], [[3000, 3000], [1000, 2000], [0, 1400], [0, 300]]);
    let all = &zones(&s.record)[&Zone::All];
    // 3,000 + 1,000, and 3,000 + 2,000 + 1,400 + 300.
    let [before, after] = all[&IndicatorName::PeopleAttached];
    assert_eq!((before, after), (Some(Hundredths::whole(4000)), Some(Hundredths::whole(6700))));
    // Whatever their order.
    let mut turned = health();
    turned.record.indicators.reverse();
    turned.assignments.reverse();
    for lang in BOTH {
        assert_eq!(report_html(&s.view(), lang), report_html(&turned.view(), lang));
        assert_eq!(summary(&s.record, lang), summary(&turned.record, lang));
        let page = visible(&report_html(&s.view(), lang));
        let claim = if lang == Lang::Fr {
            "En 2027, ce plan rattache 6~700 personnes à un médecin traitant, contre 4~000 sans lui~; de 2026 à 2027, cela fait 12~200 années-personnes. Aucun plan ne peut faire mieux de plus de 1,0~%"
        } else {
            "In 2027, this plan puts 6,700 people on the list of a GP, against 4,000 without it; from 2026 to 2027, that is 12,200 person-years. No plan can do better by more than 1.0%"
        };
        assert!(page.contains(claim), "{page}");
    }
}

/// A figure as printed.
fn figure(cell: &crate::health::Cell) -> i64 {
    cell.text.replace('\u{2212}', "-").replace(['\u{202f}', ','], "").parse().unwrap()
}

#[test]
fn money_closes_to_the_euro() {
    for lang in BOTH {
        let s = health();
        let blocks = blocks(Words(lang), &s.view());
        let tables = &blocks.iter().find(|b| b.id == "money").unwrap().tables;
        let mut totals = Vec::new();
        for table in tables {
            let figures = |l: &crate::health::Line| l.cells[1..].iter().map(figure).collect::<Vec<_>>();
            let (total, lines) = table.lines.split_last().unwrap();
            assert!(total.total && lines.iter().all(|l| !l.total));
            for column in 0..figures(total).len() {
                let sum: i64 = lines.iter().map(|l| figures(l)[column]).sum();
                assert_eq!(sum, figures(total)[column], "{}", table.caption);
            }
            totals.push(figures(total));
        }
        // 2026: 900,000 + 20,000 + 150,000 + 50,000; 2027: 300,000.
        assert_eq!(totals[0], [1_120_000, 300_000, 1_420_000]);
        assert_eq!(totals[1], totals[0]);
        // Capital by project: DSIL, ARS, owner, in the order of the programme.
        assert_eq!(totals[2], [900_000, 200_000, 300_000, 400_000]);
        // What nobody foresaw still counts.
        let mut odd = health();
        let rows = &mut odd.record.programme.as_mut().unwrap().futures[0].money;
        rows[0].what = "other".into();
        rows[1].year = 1999;
        rows[2].payer = "someone".into();
        let told = told(&odd, lang);
        assert!(told.contains("1~420~000") || told.contains("1,420,000"), "{told}");
    }
}

#[test]
fn supply_is_that_of_the_last_year() {
    let s = health();
    let (view, programme) = (s.view(), s.record.programme.as_ref().unwrap());
    let acts = |state| {
        let acts = supply::acts(&view, programme, s.health.as_ref().unwrap(), state, None);
        (0..4).map(|p| acts.get(&PlaceIx(p)).copied().unwrap_or_default()).collect::<Vec<_>>()
    };
    // Practices of 2027; the pôle's 4,001 acts of today are split over 42002 and 42004.
    assert_eq!(acts(State::Before), [1_200_000, 200_100, 0, 200_000]);
    // 40 · 200 + 1 acts at the pôle, 40 · 190 + 1 and 40 · 45 + 1 at the centre; four sessions bring 800 and take 1,200.
    assert_eq!(acts(State::After), [1_080_000, 400_100, 1_020_200, 400_000]);
    // The last year is the one that stands for none.
    let (planned, last) = (s.health.as_ref().unwrap(), programme.years.last().copied());
    for state in [State::Before, State::After] {
        let of = |year| {
            (
                supply::acts(&view, programme, planned, state, year),
                supply::open(&view, programme, state, year),
            )
        };
        assert_eq!(of(None), of(last));
    }
    let open =
        |state| supply::open(&view, programme, state, None).into_iter().map(|p| p.0).collect::<Vec<_>>();
    assert_eq!(open(State::Before), [0, 1, 3]);
    assert_eq!(open(State::After), [0, 1, 2, 3]);
    let mut refused = health();
    refused.record.sites.retain(|s| s.status != SiteStatus::Opened);
    let open = supply::open(&refused.view(), programme, State::After, None);
    assert_eq!(open.into_iter().map(|p| p.0).collect::<Vec<_>>(), [0, 1, 3]);
}

/// Every page worth a look.
fn every() -> Vec<(&'static str, Sample)> {
    let mut unnamed = health();
    unnamed.health = None;
    let mut evil = health();
    let programme = evil.record.programme.as_mut().unwrap();
    programme.levers[0].lever = EVIL.into();
    programme.futures[0].future = EVIL.into();
    programme.futures[0].money[0].of = EVIL.into();
    programme.futures[0].money[0].payer = EVIL.into();
    programme.futures[0].pools[0].pool = EVIL.into();
    programme.futures[0].posts[0].profession = EVIL.into();
    evil.record.goals[1].unit = EVIL.into();
    evil.record.goals[1].goal = EVIL.into();
    let mut bare = health();
    let programme = bare.record.programme.as_mut().unwrap();
    programme.structures.clear();
    programme.futures.clear();
    programme.years.clear();
    bare.record.indicators.clear();
    let mut clash = infeasible();
    clash.record.problem = "programme".into();
    clash.record.clash[0].rule = "pool".into();
    let mut optimal = health();
    optimal.record.status = Status::Optimal;
    optimal.record.goals[0].status = Status::Optimal;
    optimal.record.goals[0].bound = optimal.record.objective;
    optimal.record.bound = optimal.record.objective;
    vec![
        ("named", health()),
        ("unnamed", unnamed),
        ("hostile", evil),
        ("bare", bare),
        ("infeasible", clash),
        ("optimal", optimal),
    ]
}

#[test]
fn pages_are_well_formed_and_names_stay_text() {
    for (name, s) in every() {
        for lang in BOTH {
            let page = report_html(&s.view(), lang);
            let mut seen = Vec::new();
            assert_eq!(fault(&page, &mut seen), None, "{name} {lang:?}");
            assert_eq!(seen.iter().filter(|n| *n == "script").count(), 3, "{name}");
            assert!(!page.contains("<script>alert") && !page.contains("<!--"), "{name}");
            assert!(!page.contains("internes <b>") && !page.contains("house <b>"), "{name}");
            assert!(!page.contains("NaN") && !page.contains("inf\""), "{name}");
            assert!(summary(&s.record, lang).lines().count() <= 45, "{name}");
            let plain = ["problème de localisation", "location problem"];
            assert!(plain.iter().all(|text| !page.contains(text)), "{name}");
        }
    }
    let (_, optimal) = every().pop().unwrap();
    assert!(report_html(&optimal.view(), Lang::En).contains("No plan can do better, and that is proven"));
}
