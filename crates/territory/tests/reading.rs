//! Reading territories the way French offices write them, and what is said of bad ones.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

use maillage_input::{InputFile, Lang, MAX_TABLE_BYTES, Problems};
use maillage_territory::{AreaKind, Fte, Minutes, Persons, PlaceId, SupplyQuality, Territory, TravelSource};
use std::fs;
use tempfile::TempDir;

const TABLE: &str = r#"{"schema_version":1,"name":"T","geography_year":2025,
 "places":{"file":"p.csv","supply":"counted","source":{"fr":"s","en":"s"}},
 "travel":{"kind":"table","file":"t.csv","max_min":30,"source":"hand","date":"2026-01-01"}}"#;
const PROXY: &str = r#"{"schema_version":1,"name":"T","geography_year":2025,
 "places":{"file":"p.csv","supply":"estimated","source":{"fr":"s","en":"s"}},
 "contours":{"file":"c.geojson"},"structures":{"file":"s.csv"},
 "travel":{"kind":"proxy","max_min":45}}"#;

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(dir.path().join(name), bytes).unwrap();
    }
    dir
}

fn read(dir: &TempDir) -> Result<(Territory, Problems), Problems> {
    Territory::read(&dir.path().join("territory.json"))
}

fn codes(result: Result<(Territory, Problems), Problems>) -> Vec<&'static str> {
    result.expect_err("must be refused").sorted().iter().map(|p| p.code.as_str()).collect()
}

#[test]
fn reads_french_excel() {
    let dir = folder(&[
        ("territory.json", TABLE.as_bytes()),
        (
            "p.csv",
            b"code_commune;name;population;gps;core\r\n01002;R\xe9gny;1 200;1,5;0\r\n01001;Sail;30;;1\r\n",
        ),
        ("t.csv", "\u{feff}from_id;to_id;minutes\n01001;01002;7,5\n01002;01001;31\n".as_bytes()),
    ]);
    let (t, warnings) = read(&dir).unwrap();
    assert_eq!(warnings.iter().map(|p| p.code.as_str()).collect::<Vec<_>>(), ["W302"]);
    assert_eq!(t.places.iter().map(|p| p.id.as_str()).collect::<Vec<_>>(), ["01001", "01002"]);
    let (sail, regny) = (&t.places[0], &t.places[1]);
    assert_eq!((regny.name.as_str(), regny.population, regny.core), ("Régny", Persons(1200), false));
    assert_eq!((regny.gps, sail.gps), (Some(Fte::from_hundredths(150)), None), "empty is unknown, not zero");
    let ix = |c| t.ix(&PlaceId::new(c).unwrap()).unwrap();
    assert_eq!(t.travel.minutes(ix("01001"), ix("01002")), Some(Minutes::from_hundredths(750)));
    assert_eq!(t.travel.minutes(ix("01002"), ix("01001")), None, "beyond max_min is absent");
    assert_eq!(t.inputs.len(), 3);
}

#[test]
fn reads_proxy_contours_structures() {
    let square = |code: &str| {
        format!(
            r#"{{"type":"Feature","properties":{{"code_commune":"{code}"}},"geometry":{{"type":"Polygon","coordinates":[[[4,46],[4.1,46],[4.1,46.1],[4,46]]]}}}}"#
        )
    };
    let geo =
        format!(r#"{{"type":"FeatureCollection","features":[{},{}]}}"#, square("42187"), square("99999"));
    let dir = folder(&[
        ("territory.json", PROXY.as_bytes()),
        ("p.csv", b"code_commune,name,population,code_epci,epci,lon,lat,area_km2,core,gps\n42187,Roanne,34366,1,E,4.0734,46.0348,16.1,1,42\n42071,Le Coteau,6829,1,E,4.0909,46.0243,4.9,1,7\n42999,Sans point,10,,,,,,0,\n"),
        ("c.geojson", geo.as_bytes()),
        ("s.csv", b"site_id,structure_id,name,kind,code_commune,lon,lat,emergency\nch-roanne,ch-roanne,CH,hospital,42187,4.0781,46.0431,1\nfar,far,Feurs,hospital,,4.2,45.7,\n"),
    ]);
    let (t, warnings) = read(&dir).unwrap();
    let mut codes: Vec<_> = warnings.iter().map(|p| p.code.as_str()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["W301", "W303"]);
    assert_eq!(t.supply, SupplyQuality::Estimated);
    assert!(t.contours[1].is_some() && t.contours[0].is_none());
    assert_eq!(t.structures[0].emergency, Some(true));
    assert_eq!((t.structures[1].emergency, t.structures[1].place), (None, None));
    let ix = |c| t.ix(&PlaceId::new(c).unwrap()).unwrap();
    let there = t.travel.minutes(ix("42187"), ix("42071")).unwrap();
    // 1.77 km as the crow flies, both ends dense: 60 · 1.3 · 1.77 / 30 is 4.6 min.
    assert!((400..520).contains(&there.hundredths()), "{there}");
    assert_eq!(t.travel.minutes(ix("42071"), ix("42187")), Some(there));
    assert_eq!(t.travel.from(ix("42999")).len(), 1, "a place without a point reaches only itself");
}

#[test]
fn says_all_that_is_wrong_at_once() {
    let dir = folder(&[
        ("territory.json", TABLE.as_bytes()),
        ("p.csv", b"code_commune,name,population\n01001,A,-5\n01002,B,10\n01002,B,10\n,C,1\n01003,D,99999999999999999999\n01004,E,12.5\n"),
        ("t.csv", b"from_id,to_id,minutes\n01002,Lyon,5\n01002,01002,NaN\n01002,01002,-1\n01002,01002\n"),
    ]);
    let all = read(&dir).unwrap_err().sorted();
    let shown = all.render(Lang::En);
    let codes: Vec<_> = all.iter().map(|p| p.code.as_str()).collect();
    assert_eq!(codes, ["E303", "E305", "E304", "E303", "E303", "E306", "E303", "E303", "E302"], "{shown}");
    assert!(shown.contains("p.csv:2 [population]"), "{shown}");
    assert!(shown.contains("t.csv:3 [minutes]"), "{shown}");
}

#[test]
fn refuses_hostile_files() {
    let good_t = b"from_id,to_id,minutes\n01001,01001,0\n".as_slice();
    let good_p = b"code_commune,name,population\n01001,A,5\n".as_slice();
    let with = |p: &[u8], t: &[u8]| {
        codes(read(&folder(&[("territory.json", TABLE.as_bytes()), ("p.csv", p), ("t.csv", t)])))
    };
    assert_eq!(with(b"", good_t), ["E103"]);
    assert_eq!(with(b"code_commune,name,population\n", good_t)[0], "E308");
    assert_eq!(with(b"code,nom\n1,2\n", good_t)[..2], ["E301", "E301"]);
    assert_eq!(with(b"\xff\xfec\0o\0", good_t)[0], "E104");
    assert_eq!(with(good_p, b"from_id,to_id,minutes\n"), ["E308"]);
    assert_eq!(codes(read(&folder(&[("territory.json", TABLE.as_bytes())]))), ["E101", "E101"]);
    assert_eq!(codes(read(&folder(&[]))), ["E101"]);
    assert_eq!(codes(read(&folder(&[("territory.json", b"")]))), ["E103"]);
    assert_eq!(codes(read(&folder(&[("territory.json", b"{\"name\": 3}")])))[0], "E203");
}

#[test]
fn travel_tables_may_be_wider() {
    let places = b"code_commune,name,population\n01001,A,5\n01002,B,5\n".as_slice();
    let json = TABLE.replace(r#""travel""#, r#""passage":{"file":"x.csv"},"travel""#);
    let with = |rows: &str| {
        let rows = format!("from_id,to_id,minutes\n{rows}");
        read(&folder(&[
            ("territory.json", json.as_bytes()),
            ("p.csv", places),
            ("x.csv", b"former,current\n01902,01002\n"),
            ("t.csv", rows.as_bytes()),
        ]))
    };
    let (t, warnings) = with("01001,01002,5\n01001,42187,9\n69123,01001,8\n42187,69123,1\n").unwrap();
    let shown: Vec<_> =
        warnings.iter().map(|p| (p.code.as_str(), p.cause.en.contains("3 rows of 4"))).collect();
    assert_eq!(shown, [("W313", true)]);
    assert_eq!(t.travel.pairs(), 3, "one trip, and each place in itself");
    assert_eq!(codes(with("42187,69123,1\n")), ["E312"]);
    assert_eq!(codes(with("01001,01002,5\n42187,1001,9\n01001,Lyon,3\n")), ["E306"; 3]);
    // 01902 is a part of 01002: the trip between the two is none of 01002 to itself.
    let ix = |t: &Territory, c| t.ix(&PlaceId::new(c).unwrap()).unwrap();
    let own = |rows: &str| {
        let (t, _) = with(rows).unwrap();
        t.travel.minutes(ix(&t, "01002"), ix(&t, "01002"))
    };
    assert_eq!(own("01002,01902,12\n01902,01002,12\n01001,01002,5\n"), Some(Minutes::ZERO));
    assert_eq!(own("01002,01002,3\n01002,01902,12\n"), Some(Minutes::whole(3)), "unless it is said");
}

#[test]
fn no_times_without_a_point() {
    let places = b"code_commune,name,population,lon,lat\n01001,A,5,4,46\n01002,B,5,,\n".as_slice();
    let json = |travel: &str| {
        format!(
            r#"{{"schema_version":1,"name":"T","geography_year":2025,"places":{{"file":"p.csv"}},"travel":{travel}}}"#
        )
    };
    let none = |travel: &str| {
        let json = json(travel);
        let trips = b"from_id,to_id,minutes\n01001,01002,5\n";
        let files: &[(&str, &[u8])] =
            &[("territory.json", json.as_bytes()), ("p.csv", places), ("t.csv", trips)];
        let (t, _) = read(&folder(files)).unwrap();
        t.iter().map(|(ix, _)| t.has_no_times(ix)).collect::<Vec<_>>()
    };
    assert_eq!(none(r#"{"kind":"proxy","max_min":30}"#), [false, true]);
    let table = r#"{"kind":"table","file":"t.csv","max_min":30,"source":"s","date":"d"}"#;
    assert_eq!(none(table), [false, false]);
}

const THREE: &[u8] = b"code_commune,name,population\n01001,A,10\n01002,B,20\n01003,C,30\n";
const UNSAID: &str = r#"{"schema_version":1,"name":"T","geography_year":2025,
 "places":{"file":"p.csv","supply":"counted","source":{"fr":"s","en":"s"}},
 "travel":{"kind":"table","file":"t.csv","max_min":30}}"#;

fn trips(t: &Territory) -> Vec<Vec<(u32, u32)>> {
    t.iter().map(|(ix, _)| t.travel.from(ix).iter().map(|(to, m)| (to.0, m.hundredths())).collect()).collect()
}

#[test]
fn binary_lists_read_as_the_same_table_in_text() {
    let text = "from_id,to_id,minutes\n01001,01002,7.5\n01001,99001,3\n01002,01001,31\n01003,01002,0.07\n";
    let ids = ["01003", "01001", "99001", "01002"].map(str::to_owned);
    // From 01003, 01001 and 01002, in hundredths.
    let rows = [vec![(3, 7)], vec![(2, 300), (3, 750)], vec![], vec![(1, 3100)]];
    let mut bytes = Vec::new();
    maillage_territory::lists::write(&mut bytes, &ids, &ids, &rows).unwrap();
    let of = |table: &[u8]| {
        let files: [(&str, &[u8]); 3] =
            [("territory.json", TABLE.as_bytes()), ("p.csv", THREE), ("t.csv", table)];
        read(&folder(&files))
    };
    let ((a, said), (b, said_b)) = (of(text.as_bytes()).unwrap(), of(&bytes).unwrap());
    assert_eq!(trips(&a), [vec![(0, 0), (1, 750)], vec![(1, 0)], vec![(2, 0), (1, 7)]]);
    assert_eq!(trips(&a), trips(&b));
    let codes_of = |said: &Problems| said.iter().map(|p| p.code.as_str()).collect::<Vec<_>>();
    assert_eq!((codes_of(&said), codes_of(&said_b)), (vec!["W313"], vec!["W313"]));
    // Torn, altered, of nowhere, without its zero, and with a key for text.
    assert_eq!(codes(of(&bytes[..bytes.len() - 1])), ["E310"]);
    let mut altered = bytes.clone();
    altered[90] ^= 1;
    assert_eq!(codes(of(&altered)), ["E310"]);
    let of_ids = |ids: [&str; 2]| {
        let mut bytes = Vec::new();
        let ids = ids.map(str::to_owned);
        maillage_territory::lists::write(&mut bytes, &ids, &ids, &[vec![(1, 5)], vec![]]).unwrap();
        codes(of(&bytes))
    };
    assert_eq!((of_ids(["99001", "99002"]), of_ids(["1001", "01002"])), (vec!["E312"], vec!["E306"]));
    let keyed = TABLE.replace("\"max_min\":30", "\"max_min\":30,\"columns\":{\"minutes\":\"m\"}");
    let files: [(&str, &[u8]); 3] =
        [("territory.json", keyed.as_bytes()), ("p.csv", THREE), ("t.csv", &bytes)];
    assert_eq!(codes(read(&folder(&files))), ["E310"]);
}

#[test]
fn what_stands_beside_a_table_says_where_it_comes_from() {
    let table = b"from_id,to_id,minutes\n01001,01002,7.5\n";
    let beside =
        |sha: &str| format!(r#"{{"sha256":"{sha}","credit":"c","date":"2016","max_minutes":20,"x":{{}}}}"#);
    let of = |spec: &str, beside: Option<&str>| {
        let mut files: Vec<(&str, &[u8])> =
            vec![("territory.json", spec.as_bytes()), ("p.csv", THREE), ("t.csv", table)];
        files.extend(beside.map(|b| ("t.csv.json", b.as_bytes())));
        let (t, said) = read(&folder(&files)).unwrap();
        let TravelSource::Table { source, date } = t.travel.source().clone() else { panic!("no table") };
        let said: Vec<_> = said.iter().map(|p| p.place.pointer.clone().unwrap_or_default()).collect();
        (source, date, said.join(" "), t.inputs.len())
    };
    let is = |source: &str, date: &str, said: &str, inputs| {
        (source.to_owned(), date.to_owned(), said.to_owned(), inputs)
    };
    let own = beside(&maillage_input::sha256_hex(table));
    assert_eq!(of(UNSAID, Some(&own)), is("c", "2016", "/travel/max_min", 4));
    assert_eq!(of(TABLE, Some(&own)), is("hand", "2026-01-01", "/travel/max_min", 4));
    // Nothing beside, something that is no record, the record of another table.
    assert_eq!(of(UNSAID, None), is("", "", "/travel", 3));
    assert_eq!(of(UNSAID, Some("[]")), is("", "", "/travel", 3));
    assert_eq!(of(UNSAID, Some(&beside("00"))), is("", "", " /travel", 4));
    assert_eq!(of(TABLE, None), is("hand", "2026-01-01", "", 3));
}

#[test]
fn every_kind_of_area_is_listed() {
    let kinds = AreaKind::ALL.map(AreaKind::as_str);
    assert_eq!(kinds, ["epci", "canton", "living-area", "department", "region", "zone-class"]);
}

#[test]
fn reads_a_real_asymmetric_table() {
    let shared = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/matrices");
    if !shared.is_dir() {
        println!("skipped: no shared data");
        return;
    }
    let renamed = |name: &str, from: &str, to: &str| {
        let file = InputFile::read(&shared.join(name), MAX_TABLE_BYTES).unwrap();
        file.utf8().unwrap().replacen(from, to, 1).into_bytes()
    };
    let dir = folder(&[
        ("territory.json", TABLE.as_bytes()),
        ("p.csv", &renamed("grand_paris_points.csv", "code_insee,nom", "code_commune,name")),
        ("t.csv", &renamed("grand_paris_car_minutes.csv.gz", "from,to", "from_id,to_id")),
    ]);
    let (t, warnings) = read(&dir).unwrap();
    assert_eq!((t.places.len(), warnings.len()), (150, 0));
    let ix = |c| t.ix(&PlaceId::new(c).unwrap()).unwrap();
    assert_eq!(t.travel.minutes(ix("75101"), ix("75102")), Some(Minutes::from_hundredths(260)));
    assert!(t.travel.pairs() <= 22_500);
}
