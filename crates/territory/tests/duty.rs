//! Out-of-hours points and rotas.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

mod support;

use maillage_territory::{DutyKind, SiteId};
use support::*;

const DUTY: &str = r#""duty":{"points":{"file":"points.csv"},"rotas":{"file":"rotas.csv"}}"#;
const POINTS: &str = "point_id,name,kind,code_commune,periods,rota\n";
const ROTAS: &str = "rota_id,name,volunteers,lines,periods\n";

fn duty(
    points: &str,
    rotas: &str,
) -> Result<(maillage_territory::Territory, maillage_input::Problems), maillage_input::Problems> {
    let (points, rotas) = (POINTS.to_owned() + points, ROTAS.to_owned() + rotas);
    with(DUTY, &[("points.csv", points.as_bytes()), ("rotas.csv", rotas.as_bytes())])
}

#[test]
fn points_and_rotas_are_read() {
    let points = "su,CH,emergency,42187,,\nmmg,Maison de garde,duty-house,42187,weekend evening evening,r1\ncds,Centre,practice,42071,all,\nown,Sans tour,duty-house,01001,evening,\n";
    let (t, warnings) = good(duty(points, "r1,Roanne,40,2,evening weekend\nr2,Sail,7,,evening\n"));
    assert_eq!(warnings, [""; 0]);
    let shown: Vec<_> = t
        .duty_points
        .iter()
        .map(|p| {
            let periods: Vec<&str> = p.periods.iter().map(|p| p.as_str()).collect();
            (p.id.as_str(), p.kind, p.place.0, periods, p.rota.as_ref().map(SiteId::as_str))
        })
        .collect();
    let expected = [
        ("cds", DutyKind::Practice, 1, vec![], None),
        ("mmg", DutyKind::DutyHouse, 2, vec!["evening", "weekend"], Some("r1")),
        ("own", DutyKind::DutyHouse, 0, vec!["evening"], None),
        ("su", DutyKind::Emergency, 2, vec![], None),
    ];
    assert_eq!(shown, expected);
    assert_eq!((t.rotas[0].volunteers, t.rotas[0].lines, t.rotas[1].lines), (40, 2, 1));
}

#[test]
fn what_is_wrong_is_said() {
    let one = |points: &str, rotas: &str| refused(duty(points, rotas)).0;
    assert_eq!(one("a,A,cabinet,42187,all,\n", ""), ["E207"]);
    assert_eq!(one("a,A,practice,75056,all,\n", ""), ["E306"]);
    assert_eq!(one("a,A,practice,42187,,\n", ""), ["E304"], "only an emergency unit is open without a word");
    assert_eq!(one("a,A,practice,42187,soir/nuit,\n", ""), ["E304"]);
    assert_eq!(one("a,A,practice,42187,all evening,\n", ""), ["E304"]);
    assert_eq!(one("a,A,practice,42187,all,r9\n", ""), ["E402"]);
    assert_eq!(one("a,A,practice,42187,all,\na,B,practice,42187,all,\n", ""), ["E305"]);
    for rota in ["r,R,4,0,evening\n", "r,R,-1,,evening\n", "r,R,,,evening\n", "r,R,2.5,,evening\n"] {
        assert_eq!(one("", rota), ["E303"], "{rota}");
    }
    assert_eq!(one("a,A,practice,42187,all,r\n", "r,R,-1,,evening\n"), ["E303"], "the rota is not unknown");
    assert_eq!(one("", "r,R,4,,all\n"), ["E304"]);
    assert_eq!(one("", "r,R,4,,\n"), ["E304"]);
}

#[test]
fn a_rota_of_a_closed_point_is_a_warning() {
    let (_, warnings) = good(duty("a,A,duty-house,42187,evening,r\n", "r,R,4,,evening deep-night\n"));
    assert_eq!(warnings, ["W311"]);
    let (_, warnings) = good(duty("a,A,duty-house,42187,all,r\n", "r,R,4,,evening deep-night\n"));
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn a_rota_may_have_lost_its_doctors() {
    let (t, warnings) = good(duty("a,A,practice,42187,all,r\n", "r,R,0,,evening\n"));
    assert_eq!((t.rotas[0].volunteers, warnings), (0, vec![]));
}
