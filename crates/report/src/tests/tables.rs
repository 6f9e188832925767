use super::*;
use crate::{assignments_csv, indicators_csv, plan_geojson, posts_csv, sites_csv};
use geojson::{FeatureCollection, GeoJson};

#[test]
fn tables_as_written() {
    let s = sample();
    insta::assert_snapshot!("sites_csv", sites_csv(&s.view()));
    insta::assert_snapshot!("posts_csv", posts_csv(&s.view()));
    insta::assert_snapshot!("assignments_csv", assignments_csv(&s.view()));
    insta::assert_snapshot!("indicators_csv", indicators_csv(&s.view()));
}

#[test]
fn plain_problems_have_no_posts() {
    let s = location("p-median", 1, 1);
    assert_eq!(posts_csv(&s.view()).lines().count(), 1);
    assert_eq!(sites_csv(&s.view()).lines().count(), 4);
}

#[test]
fn no_cell_is_a_formula() {
    let s = sample();
    let text = sites_csv(&s.view()) + &posts_csv(&s.view());
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    for record in reader.records() {
        for cell in record.unwrap().iter() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t']), "{cell}");
        }
    }
    let mut s = sample();
    s.record.scenario = "=cmd()".into();
    let rows = assignments_csv(&s.view());
    assert!(rows.lines().nth(1).unwrap().starts_with("'=cmd()"));
}

#[test]
fn layers_are_geojson_with_one_feature_per_line() {
    let s = sample();
    let text = plan_geojson(&s.view());
    let Ok(GeoJson::FeatureCollection(FeatureCollection { features, .. })) = text.parse::<GeoJson>() else {
        panic!("no FeatureCollection")
    };
    assert_eq!(features.len(), 5 + 3 + 2);
    assert_eq!(text.lines().count(), features.len() + 2);
    let of = |layer: &str| features.iter().filter(|f| f.property("layer").unwrap() == layer).count();
    assert_eq!((of("commune"), of("site"), of("structure")), (5, 3, 2));
    assert!(features.iter().all(|f| f.property("scenario").unwrap() == "essai"));
    let evil = &features[2];
    assert_eq!(evil.property("name").unwrap(), EVIL);
    assert_eq!(evil.property("attached_before").unwrap(), 0);
    assert_eq!(evil.property("attached_after").unwrap(), 1500);
    assert_eq!(evil.property("minutes_nearest_before").unwrap(), 21);
    assert_eq!(evil.property("minutes_nearest_after").unwrap(), 0);
    assert!(features[4].geometry.is_none());
}

#[test]
fn without_a_plan_nothing_is_said_of_after() {
    let text = plan_geojson(&infeasible().view());
    assert!(text.contains("minutes_nearest_before") && !text.contains("_after"));
}
