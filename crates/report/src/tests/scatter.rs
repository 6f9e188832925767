//! Computed against published, as a picture.

use super::html::fault;
use super::*;
use crate::comparison_svg;
use maillage_access::{Comparison, Level};
use maillage_input::Lang;

fn level(name: &'static str, points: &[(f64, f64)]) -> Level {
    Level {
        name,
        points: points.to_vec(),
        correlation: (points.len() > 1).then_some(0.5),
        mean_absolute_difference: None,
    }
}

fn comparison(levels: Vec<Level>) -> Comparison {
    Comparison { published: format!("{EVIL} (2018)"), measure: "apl".to_owned(), levels }
}

/// The names of the elements of a picture that is well formed.
fn elements(comparisons: &[Comparison], lang: Lang) -> (String, Vec<String>) {
    let svg = comparison_svg(comparisons, lang);
    let mut seen = Vec::new();
    assert_eq!(fault(&format!("<!doctype html>{svg}"), &mut seen), None, "{svg}");
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    assert!(svg.chars().all(|c| c == '\n' || !c.is_control()));
    (svg, seen)
}

/// The values of an attribute of the elements of one name.
fn values(svg: &str, element: &str, attribute: &str) -> Vec<f64> {
    let start = format!("<{element} ");
    let inside = svg.split(&start).skip(1).map(|rest| rest.split('>').next().unwrap());
    let key = format!("{attribute}=\"");
    let value = |tag: &str| tag.split(&key).nth(1)?.split('"').next()?.parse().ok();
    inside.filter_map(value).collect()
}

#[test]
fn points_stand_where_they_are() {
    // The 99.5th percentile of the six numbers is 2: a panel of 260 from (48, 54) goes from 0 to 2.
    let (svg, seen) =
        elements(&[comparison(vec![level("place", &[(0.0, 0.0), (1.0, 2.0), (2.0, 0.5)])])], Lang::Fr);
    assert_eq!(seen.iter().filter(|e| *e == "circle").count(), 3);
    assert_eq!(values(&svg, "circle", "cx"), [48.0, 178.0, 308.0]);
    assert_eq!(values(&svg, "circle", "cy"), [314.0, 54.0, 249.0]);
    assert!(svg.contains("communes (3), r = 0,500"), "{svg}");
    // From corner to corner: equal values.
    assert!(svg.contains("<line x1=\"48\" y1=\"314\" x2=\"308\" y2=\"54\""), "{svg}");
}

#[test]
fn levels_and_axes_have_names_in_both_languages() {
    let points = [(1.0, 2.0), (3.0, 4.0)];
    let levels = || ["place", "living-area", "department"].map(|name| level(name, &points)).to_vec();
    let (fr, _) = elements(&[comparison(levels())], Lang::Fr);
    let (en, _) = elements(&[comparison(levels())], Lang::En);
    for (text, words) in [
        (&fr, ["communes (2)", "bassins de vie (2)", "départements (2)", "apl, calculée"]),
        (&en, ["communes (2)", "living areas (2)", "departments (2)", "apl, computed"]),
    ] {
        assert!(words.iter().all(|w| text.contains(w)), "{text}");
    }
    assert!(fr.contains("r = 0,500") && en.contains("r = 0.500"));
    assert!(!fr.contains("<script") && fr.contains("&lt;script&gt;"), "a name is text");
}

#[test]
fn odd_series_are_drawn_too() {
    let same = [(2.5, 2.5); 3];
    let huge = [(1e12, 3.0), (2.0, 1e9)];
    let tiny = [(1e-12, 0.0), (0.0, 1e-12)];
    let zeros = [(0.0, 0.0); 2];
    for points in [&[][..], &[(3.0, 4.0)], &same, &huge, &tiny, &zeros] {
        let (svg, seen) = elements(&[comparison(vec![level("place", points)])], Lang::Fr);
        assert_eq!(seen.iter().filter(|e| *e == "circle").count(), points.len());
        assert!(svg.len() < 20_000, "a bounded number of ticks for {points:?}");
        let inside = |list: Vec<f64>, from: f64| list.iter().all(|x| (from..=from + 260.0).contains(x));
        assert!(inside(values(&svg, "circle", "cx"), 48.0) && inside(values(&svg, "circle", "cy"), 54.0));
        assert_eq!(svg.contains("r = –"), points.len() < 2);
    }
    assert!(elements(&[], Lang::En).1.contains(&"svg".to_owned()));
    assert!(elements(&[comparison(Vec::new())], Lang::En).1.contains(&"svg".to_owned()));
}

#[test]
fn many_points_are_squares_by_density() {
    // 2,001 points, of which 1,500 in one cell: it is the darkest, and the extreme stays inside.
    let mut points = vec![(1.0, 1.0); 1500];
    points.extend((0..500).map(|i| (f64::from(i % 25) / 5.0, f64::from(i / 25) / 4.0)));
    points.push((1e6, 1e6));
    let (svg, seen) = elements(&[comparison(vec![level("place", &points)])], Lang::En);
    assert!(!seen.contains(&"circle".to_owned()) && svg.contains("communes (2,001)"));
    let darkness = values(&svg, "rect", "fill-opacity");
    assert!(darkness.len() > 100 && darkness.iter().filter(|d| **d == 1.0).count() == 1, "{darkness:?}");
    assert!(darkness.iter().all(|d| (0.12..=1.0).contains(d)));
    // The first two rectangles are the page and the panel.
    assert!(values(&svg, "rect", "x")[1..].iter().all(|x| (48.0..308.0).contains(x)));
    assert!(values(&svg, "rect", "y")[1..].iter().all(|y| (53.9..314.0).contains(y)));
}

#[test]
fn every_comparison_has_its_row() {
    let three = || comparison(vec![level("place", &[(1.0, 1.0)]), level("department", &[(1.0, 1.0)])]);
    let (svg, seen) = elements(&[three(), three()], Lang::Fr);
    // A page and four panels.
    assert_eq!(seen.iter().filter(|e| *e == "rect").count(), 5);
    let (x, y) = (values(&svg, "rect", "x"), values(&svg, "rect", "y"));
    assert_eq!((x, y), (vec![48.0, 356.0, 48.0, 356.0], vec![54.0, 54.0, 422.0, 422.0]));
    assert!(svg.contains("viewBox=\"0 0 664 736\""), "{svg}");
}
