//! Every rule of health programmes, broken by a forger or by other inputs.

#![allow(clippy::unwrap_used, reason = "a test that cannot build its case fails")]

mod support;

use maillage_programme::health::*;
use maillage_programme::{Euros, SiteIx};
use maillage_territory::{Fte, Minutes, Persons};
use serde_json::{Value, json};
use support::health::result::case;
use support::{Case, has, lines};

/// What is done, the code and the place it must give. The seal is made anew each time.
type Tampering = (&'static str, fn(&mut Case), &'static str, &'static str);

const PROGRAMME: &str = "result.json /programme/";
const POSTS: &str = "result.json /programme/futures/0/posts";
const MONEY: &str = "result.json /programme/futures/0/money";
const SESSIONS: &str = "result.json /programme/futures/0/sessions";
const STRUCTURES: &str = "result.json /programme/structures";
const DUTY: &str = "result.json /programme/duty";

fn set(c: &mut Case, pointer: &str, value: Value) {
    c.set(&format!("/programme/{pointer}"), value);
}

fn remove(c: &mut Case, pointer: &str, i: usize) {
    drop(c.list(&format!("/programme/{pointer}")).remove(i));
}

fn twice(c: &mut Case, pointer: &str) {
    let all = c.list(&format!("/programme/{pointer}"));
    let first = all[0].clone();
    all.push(first);
}

fn gp(c: &mut Case) -> &mut PostKind {
    &mut c.health().types[0].posts[0]
}

fn sessions(c: &mut Case) -> &mut SessionRule {
    c.health().types[1].sessions.as_mut().unwrap()
}

fn duty(c: &mut Case) -> &mut Duty {
    c.health().duty.as_mut().unwrap()
}

/// The resulting file, and the inputs where it is simpler to make the plan break them.
const TAMPERINGS: &[Tampering] = &[
    ("other problem", |c| c.set("/problem", json!("siting")), "C105", "result.json /problem"),
    ("other budget", |c| c.set("/budget_eur", json!(1)), "C105", "result.json /budget_eur"),
    ("longer trips", |c| c.set("/travel/max_min", json!(20)), "C105", "result.json /travel/max_min"),
    ("other chance", |c| set(c, "futures/0/probability_percent", json!(50)), "C105", PROGRAMME),
    (
        "a certificate",
        |c| c.set("/certificate", json!({"kind": "people-attached-cut", "places": []})),
        "C105",
        "result.json /certificate",
    ),
    ("other unit", |c| c.set("/goals/0/unit", json!("people")), "C201", "result.json /goals"),
    ("more attached", |c| c.set("/goals/0/objective", json!(6000)), "C202", "result.json /goals/0/objective"),
    ("less spent", |c| c.set("/goals/1/objective", json!(1)), "C202", "result.json /goals/1/objective"),
    ("a better sum", |c| c.set("/goals/2/objective", json!(7101)), "C202", "result.json /goals/2/objective"),
    ("shorter trips", |c| c.set("/goals/3/objective", json!(1)), "C202", "result.json /goals/3/objective"),
    (
        "a hundredth more care",
        |c| c.set("/goals/4/objective", json!(1_055_892_630.01)),
        "C202",
        "result.json /goals/4/objective",
    ),
    ("nobody under", |c| c.set("/goals/5/objective", json!(0)), "C202", "result.json /goals/5/objective"),
    (
        "better balance",
        |c| c.set("/goals/6/objective", json!(2630.1)),
        "C202",
        "result.json /goals/6/objective",
    ),
    (
        "more near duty",
        |c| c.set("/goals/7/objective", json!(3701)),
        "C202",
        "result.json /goals/7/objective",
    ),
    ("bound below", |c| c.set("/goals/0/bound", json!(5000)), "C203", "result.json /goals/0/bound"),
    ("practice gone", |c| drop(c.list("/sites").remove(1)), "C304", "result.json /sites"),
    ("other place", |c| c.set("/sites/0/code_commune", json!("01001")), "C305", "result.json /sites/0"),
    ("room existing", |c| c.set("/sites/2/status", json!("existing")), "C306", "result.json /sites/2/status"),
    (
        "centre extended",
        |c| set(c, "structures/2/status", json!("extended")),
        "C306",
        "result.json /programme/structures/2/status",
    ),
    ("other type", |c| c.set("/sites/0/structure_type", json!("room")), "C307", "result.json /sites/0"),
    (
        "type not allowed",
        |c| set(c, "structures/1/structure_type", json!("msp")),
        "C307",
        "result.json /programme/structures/1/structure_type",
    ),
    ("more GPs", |c| c.set("/sites/0/gps", json!(2.36)), "C308", "result.json /sites/0/gps"),
    ("larger list", |c| c.set("/sites/0/capacity", json!(1850)), "C310", "result.json /sites/0/capacity"),
    ("more on it", |c| c.set("/sites/0/attached", json!(1611)), "C311", "result.json /sites/0/attached"),
    ("list too long", |c| c.csv_replace("c-01002,10,12", "c-01002,11,12"), "C312", "assignments.csv:"),
    (
        "list too long today",
        |c| c.csv_replace("p-01001,1400,0,2025", "p-01001,1401,0,2025"),
        "C312",
        "assignments.csv:3 people",
    ),
    ("cheaper site", |c| c.set("/sites/0/cost_eur", json!(489_249)), "C313", "result.json /sites/0/cost_eur"),
    ("cheaper plan", |c| c.set("/cost_eur", json!(646_249)), "C314", "result.json /cost_eur"),
    ("no years in the table", |c| c.csv_replace(",year,future", ""), "C401", "assignments.csv:1"),
    ("year of words", |c| c.csv_replace("1400,0,2025", "1400,0,now"), "C402", "assignments.csv:2 year"),
    (
        "row twice",
        |c| {
            let row = c.csv.lines().last().unwrap().to_owned();
            c.csv += &format!("{row}\n");
        },
        "C405",
        "assignments.csv:39",
    ),
    ("unknown place", |c| c.csv_replace("01003,c-01002", "01009,c-01002"), "C406", "assignments.csv:"),
    ("unknown site", |c| c.csv_replace("01003,c-01002", "01003,c-0"), "C407", "assignments.csv:"),
    (
        "refused site",
        |c| c.csv_replace("180,0,2027,central", "180,0,2027,slow"),
        "C407",
        "assignments.csv:34 site_id",
    ),
    (
        "not there before",
        |c| c.csv_replace("after,01001,c-01002,250,0", "before,01001,c-01002,250,0"),
        "C407",
        "assignments.csv:29 site_id",
    ),
    ("shorter trip", |c| c.csv_replace("c-01002,10,12", "c-01002,10,2"), "C408", "assignments.csv:"),
    ("too far", |c| c.health().max_time = Minutes::whole(11), "C409", "assignments.csv:33 minutes"),
    ("fewer live there", |c| c.health().people[2][1] = Persons(899), "C410", "assignments.csv:"),
    ("not the nearest", |c| c.health().behaviour = Behaviour::Nearest, "C411", "assignments.csv:33 site_id"),
    (
        "plan of today",
        |c| c.csv_replace("before,01001,p-01001,1400", "after,01001,p-01001,1400"),
        "C413",
        "assignments.csv:2 state",
    ),
    ("unplanned year", |c| c.csv_replace("10,12,2027", "10,12,2031"), "C414", "assignments.csv:33 year"),
    (
        "unknown future",
        |c| c.csv_replace("10,12,2027,central", "10,12,2027,x"),
        "C414",
        "assignments.csv:33 future",
    ),
    (
        "no future",
        |c| c.csv_replace("10,12,2027,central", "10,12,2027,"),
        "C414",
        "assignments.csv:33 future",
    ),
    (
        "future of today",
        |c| c.csv_replace("1400,0,2025,", "1400,0,2025,slow"),
        "C414",
        "assignments.csv:2 future",
    ),
    (
        "people sent away",
        |c| c.csv_replace("after,01002,p-01001,150,8,2026,slow", "after,01002,p-01001,149,8,2026,slow"),
        "C415",
        "assignments.csv",
    ),
    (
        "sent away before",
        |c| c.csv_replace("before,01003,x-01003,900,0,2027,slow", "before,01003,x-01003,899,0,2027,slow"),
        "C415",
        "assignments.csv",
    ),
    (
        "long trips",
        // 9 of 1200 are 0.75 %: with 0 % none, and nobody who stays goes there.
        |c| c.health().behaviour = Behaviour::Decay(vec![(Minutes::whole(10), 0)]),
        "C416",
        "assignments.csv:33 people",
    ),
    (
        "indicator of another year",
        |c| c.set("/indicators/3/year", json!(2027)),
        "C501",
        "result.json /indicators",
    ),
    (
        "indicator of no year",
        |c| c.set("/indicators/3/year", Value::Null),
        "C502",
        "result.json /indicators/3",
    ),
    (
        "better indicator",
        |c| c.set("/indicators/200/value", json!(1.23)),
        "C504",
        "result.json /indicators/200",
    ),
    (
        "section gone",
        |c| drop(c.result.as_object_mut().unwrap().remove("programme")),
        "C601",
        "result.json /programme",
    ),
    ("fewer years", |c| set(c, "years", json!([2026])), "C602", "result.json /programme/years"),
    ("opens too late", |c| set(c, "structures/1/opens", json!(2028)), "C602", STRUCTURES),
    ("posts of today", |c| set(c, "futures/0/posts/0/year", json!(2025)), "C602", POSTS),
    ("money of later", |c| set(c, "futures/0/money/0/year", json!(2031)), "C602", MONEY),
    ("unknown structure", |c| set(c, "structures/0/site_id", json!("y")), "C603", STRUCTURES),
    ("practice as structure", |c| set(c, "structures/0/site_id", json!("p-01001")), "C603", STRUCTURES),
    ("unknown lever", |c| set(c, "levers/0/lever", json!("y")), "C603", "result.json /programme/levers/0"),
    ("unknown future", |c| set(c, "futures/0/future", json!("y")), "C603", PROGRAMME),
    ("unknown profession", |c| set(c, "futures/0/posts/0/profession", json!("y")), "C603", POSTS),
    ("other mode", |c| set(c, "futures/0/posts/0/mode", json!("salaried")), "C603", POSTS),
    ("unknown pool", |c| set(c, "futures/0/pools/0/pool", json!("y")), "C603", PROGRAMME),
    ("unknown duty point", |c| set(c, "duty/0", json!("y")), "C603", DUTY),
    ("unknown lead", |c| set(c, "futures/0/sessions/0/lead", json!("y")), "C603", SESSIONS),
    ("structure twice", |c| twice(c, "structures"), "C604", STRUCTURES),
    ("future twice", |c| twice(c, "futures"), "C604", "result.json /programme/futures/2"),
    ("posts twice", |c| twice(c, "futures/0/posts"), "C604", POSTS),
    ("pool twice", |c| twice(c, "futures/0/pools"), "C604", PROGRAMME),
    ("delay twice", |c| twice(c, "delay"), "C604", "result.json /programme/delay/1"),
    ("centre gone", |c| remove(c, "structures", 2), "C605", STRUCTURES),
    ("future gone", |c| remove(c, "futures", 1), "C605", "result.json /programme/futures"),
    ("vacant row gone", |c| remove(c, "futures/0/posts", 5), "C605", POSTS),
    ("pool gone", |c| remove(c, "futures/0/pools", 3), "C605", "result.json /programme/futures/0/pools"),
    (
        "addresses swapped",
        |c| set(c, "structures/0/addresses", json!(["01001", "01002"])),
        "C606",
        STRUCTURES,
    ),
    ("other lead", |c| set(c, "structures/1/lead", json!("p-01001")), "C607", STRUCTURES),
    ("no lead", |c| set(c, "structures/1/lead", Value::Null), "C607", STRUCTURES),
    ("opens too early", |c| set(c, "structures/1/opens", json!(2026)), "C608", STRUCTURES),
    ("never opens", |c| set(c, "structures/1/opens", Value::Null), "C608", STRUCTURES),
    ("centre opens", |c| set(c, "structures/2/opens", json!(2026)), "C608", STRUCTURES),
    ("centre closes", |c| set(c, "structures/2/closes", json!(2027)), "C609", STRUCTURES),
    ("room closes", |c| set(c, "structures/1/closes", json!(2027)), "C609", STRUCTURES),
    ("settled opening late", |c| set(c, "structures/0/opens", json!(2027)), "C610", STRUCTURES),
    ("settled opening gone", |c| remove(c, "structures", 0), "C610", STRUCTURES),
    (
        "lead too far",
        |c| c.health().types[1].lead.as_mut().unwrap().within = Minutes::from_hundredths(1199),
        "C611",
        STRUCTURES,
    ),
    ("part of a step", |c| set(c, "futures/0/posts/0/hired", json!(1.25)), "C612", POSTS),
    ("fewer than none", |c| set(c, "futures/0/posts/0/hired", json!(-1.5)), "C612", POSTS),
    (
        "hired where it may close",
        |c| {
            let Standing::Existing(e) = &mut c.health().sites[3].standing else { unreachable!() };
            e.may_close = true;
            set(c, "futures/0/posts/3/hired", json!(1));
        },
        "C613",
        POSTS,
    ),
    ("hired before it opens", |c| set(c, "structures/0/opens", json!(2027)), "C613", POSTS),
    (
        "hired where refused",
        |c| set(c, "futures/1/posts/0/site_id", json!("s-01003")),
        "C613",
        "result.json /programme/futures/1/posts/0",
    ),
    ("more hired", |c| set(c, "futures/0/posts/0/hired", json!(2)), "C614", POSTS),
    ("no attrition", |c| set(c, "futures/0/posts/1/filled", json!(2.5)), "C614", POSTS),
    ("no ramp", |c| set(c, "futures/0/posts/1/list", json!(2350)), "C614", POSTS),
    (
        "more acts",
        |c| set(c, "futures/1/posts/1/acts", json!(3201)),
        "C614",
        "result.json /programme/futures/1",
    ),
    ("larger team", |c| gp(c).least = Fte::from_hundredths(151), "C615", POSTS),
    ("smaller most", |c| gp(c).most = Fte::from_hundredths(234), "C616", POSTS),
    // 2.35 rooms and half a room for the nurse.
    ("fewer rooms", |c| c.health().types[0].rooms = 284, "C617", POSTS),
    ("more offered", |c| set(c, "futures/0/pools/1/offered", json!(2.5)), "C618", PROGRAMME),
    ("less taken", |c| set(c, "futures/0/pools/0/taken", json!(1)), "C618", PROGRAMME),
    ("smaller pool", |c| c.health().pools[0].by_year[0] = Fte::from_hundredths(149), "C619", POSTS),
    (
        "poorer future",
        |c| c.health().futures[1].pool_percent = 99,
        "C619",
        "result.json /programme/futures/1/posts",
    ),
    ("lead too far away", |c| set(c, "futures/0/sessions/0/lead", json!("p-01001")), "C620", SESSIONS),
    (
        "sessions to the centre",
        |c| set(c, "futures/0/sessions/0/site_id", json!("x-01003")),
        "C620",
        SESSIONS,
    ),
    ("no sessions", |c| set(c, "futures/0/sessions/0/sessions", json!(0)), "C620", SESSIONS),
    ("sessions before it opens", |c| set(c, "futures/0/sessions/0/year", json!(2026)), "C620", SESSIONS),
    ("too many received", |c| sessions(c).most = 2, "C621", SESSIONS),
    // 3 · 80 = 240 of 1850: 12.97 %.
    ("too large a share", |c| sessions(c).most_percent = 12, "C622", SESSIONS),
    (
        "more than its list",
        |c| (sessions(c).lead_list, sessions(c).most_percent) = (617, 255),
        "C622",
        SESSIONS,
    ),
    ("more than its acts", |c| sessions(c).lead_acts = 2467, "C622", SESSIONS),
    ("lever too early", |c| c.health().levers[0].from = 2, "C623", "result.json /programme/levers/0/starts"),
    (
        "lever too late",
        |c| c.health().levers[0].by = Some(0),
        "C624",
        "result.json /programme/levers/0/starts",
    ),
    ("lever gone", |c| remove(c, "levers", 0), "C624", "result.json /programme/levers"),
    ("no structure allowed", |c| rule(c, 0, |r| most(r, 0)), "C625", STRUCTURES),
    ("two structures wanted", |c| rule(c, 0, |r| least(r, 2)), "C625", STRUCTURES),
    ("opened this year", |c| rule(c, 0, |r| what(r, CountWhat::Opening)), "C625", STRUCTURES),
    ("none new", |c| rule(c, 0, |r| (what(r, CountWhat::New), most(r, 0)).0), "C625", STRUCTURES),
    ("interns nowhere", |c| c.health().types[0].interns = interns(c), "C625", STRUCTURES),
    (
        "one of two",
        |c| rule(c, 1, |r| *r = HealthRule::Exclusive { sites: BOTH.to_vec(), most: 1 }),
        "C626",
        STRUCTURES,
    ),
    (
        "too close",
        |c| rule(c, 2, |r| *r = HealthRule::Spacing { types: vec![], least: Minutes::from_hundredths(1201) }),
        "C627",
        STRUCTURES,
    ),
    ("centres alone", |c| rule(c, 3, centres_only), "C628", STRUCTURES),
    ("more posts wanted", |c| rule(c, 4, |r| least(r, 251)), "C629", POSTS),
    ("fewer posts wanted", |c| rule(c, 4, |r| most(r, 334)), "C629", POSTS),
    ("more nurses wanted", |c| rule(c, 5, |r| least(r, 43)), "C630", POSTS),
    ("fewer nurses wanted", |c| rule(c, 5, |r| most(r, 66)), "C630", POSTS),
    (
        "more attached wanted",
        |c| rule(c, 6, |r| *r = HealthRule::Attached { places: Places::All, percent: 57, years: (1, 2) }),
        "C631",
        STRUCTURES,
    ),
    ("duty at the centre", |c| set(c, "duty/0", json!("x-01003")), "C632", DUTY),
    ("fewer duty points", |c| duty(c).max_points = 0, "C632", DUTY),
    ("no duty planned", |c| c.health().duty = None, "C632", DUTY),
    ("more volunteers", |c| duty(c).least_volunteers = Fte::from_hundredths(168), "C633", DUTY),
    ("volunteers nearer", |c| duty(c).volunteers_within = Minutes::from_hundredths(799), "C633", DUTY),
    ("recruit for a practice", |c| set(c, "worth/0/site_id", json!("p-01001")), "C634", PROGRAMME),
    ("order of the centre", |c| set(c, "order/0/site_id", json!("x-01003")), "C634", PROGRAMME),
    ("less than no GP", |c| set(c, "order/0/gp_years", json!(-1)), "C634", PROGRAMME),
    ("no share of GPs", |c| set(c, "order/0/per_gp_year", Value::Null), "C634", PROGRAMME),
    ("delay of the centre", |c| set(c, "delay/0/site_id", json!("x-01003")), "C634", PROGRAMME),
    ("unknown payer", |c| set(c, "futures/0/money/2/payer", json!("bank")), "C701", MONEY),
    ("unknown use", |c| set(c, "futures/0/money/2/what", json!("gift")), "C701", MONEY),
    ("unknown object", |c| set(c, "futures/0/money/2/of", json!("y")), "C701", MONEY),
    ("paid twice", |c| twice(c, "futures/0/money"), "C702", MONEY),
    ("less for owners", |c| set(c, "futures/0/money/2/euros", json!(106_999)), "C703", MONEY),
    (
        "served out of order",
        |c| {
            // The State's 100,000: 1,000 more for the building, 1,000 less for running it; owners the other way.
            for (row, euros) in [(0, 99_000), (2, 106_000), (5, 1_000), (6, 26_500)] {
                set(c, &format!("futures/0/money/{row}/euros"), json!(euros));
            }
        },
        "C703",
        MONEY,
    ),
    ("capital of a practice", |c| set(c, "futures/0/money/2/of", json!("p-01001")), "C703", MONEY),
    ("paid for where refused", |c| steal(c, 17), "C703", "result.json /programme/futures/1/money"),
    ("income kept quiet", |c| remove(c, "futures/0/money", 4), "C704", MONEY),
    ("cost kept quiet", |c| remove(c, "futures/0/money", 9), "C705", MONEY),
    ("a smaller yearly sum", |c| rate(c).yearly = Euros(1_999), "C706", MONEY),
    ("a lower rate", |c| c.health().funders[1].rules[0].rate_bp = 4_800, "C706", MONEY),
    ("a lower ceiling", |c| c.health().grants_ceiling_percent = 79, "C706", MONEY),
    ("money for larger teams", |c| rate(c).least_posts = 201, "C706", MONEY),
    ("a funder that takes", |c| set(c, "futures/0/money/17/euros", json!(-1)), "C706", MONEY),
    (
        "a smaller envelope",
        |c| c.health().funders[0].envelope.by_year[0] = Some(Euros(99_999)),
        "C707",
        MONEY,
    ),
    ("a smaller total", |c| c.health().funders[0].envelope.total = Some(Euros(101_999)), "C707", MONEY),
    ("poorer owners", |c| c.health().owner.by_year[0] = Some(Euros(223_499)), "C708", MONEY),
    ("poorer in all", |c| c.health().owner.total = Some(Euros(339_249)), "C708", MONEY),
];

const BOTH: [SiteIx; 2] = [SiteIx(0), SiteIx(2)];

fn rule(c: &mut Case, i: usize, change: fn(&mut HealthRule)) {
    change(&mut c.health().rules[i]);
}

fn least(rule: &mut HealthRule, n: u32) {
    match rule {
        HealthRule::Count { least, .. }
        | HealthRule::Posts { least, .. }
        | HealthRule::Ratio { least, .. } => {
            *least = Some(n);
        }
        _ => unreachable!(),
    }
}

fn most(rule: &mut HealthRule, n: u32) {
    match rule {
        HealthRule::Count { most, .. } | HealthRule::Posts { most, .. } | HealthRule::Ratio { most, .. } => {
            *most = Some(n);
        }
        _ => unreachable!(),
    }
}

fn what(rule: &mut HealthRule, n: CountWhat) {
    let HealthRule::Count { what, .. } = rule else { unreachable!() };
    *what = n;
}

/// Counts structures with interns from now on; says that MSPs take none.
fn interns(c: &mut Case) -> bool {
    rule(c, 0, |r| what(r, CountWhat::Interns));
    false
}

fn centres_only(rule: &mut HealthRule) {
    let HealthRule::Coverage { types, practices, .. } = rule else { unreachable!() };
    (*types, *practices) = (vec![HealthTypeIx(2)], false);
}

fn rate(c: &mut Case) -> &mut FundingRule {
    &mut c.health().funders[0].rules[0]
}

/// A payment of the first future stands in the second too.
fn steal(c: &mut Case, row: usize) {
    let row = c.list("/programme/futures/0/money")[row].clone();
    c.list("/programme/futures/1/money").push(row);
}

#[test]
fn every_tampering_is_found_where_it_is() {
    for (name, tamper, code, at) in TAMPERINGS {
        let mut case = case();
        tamper(&mut case);
        case.reseal();
        let report = case.check();
        assert!(has(&report, code, at), "{name}: no {code} at {at} in\n{}", lines(&report));
        assert!(!has(&report, "C103", "") && !has(&report, "C101", ""), "{name}\n{}", lines(&report));
    }
}

#[test]
fn every_rule_of_programmes_is_tried() {
    let ours =
        |code: &&str| code.starts_with("C6") || code.starts_with("C7") || ("C414"..="C416").contains(code);
    for rule in maillage_check::Rule::ALL.iter().map(|r| r.as_str()).filter(ours) {
        assert!(TAMPERINGS.iter().any(|t| t.2 == rule), "{rule} is never tried");
    }
}
