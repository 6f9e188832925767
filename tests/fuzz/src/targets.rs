//! The readers, each with what stands around the file that it reads.

use maillage_input::{InputFile, InputRecord, sha256_hex};
use maillage_location::read as bench;
use maillage_travel::import::{Format, ImportOptions};
use maillage_travel::pbf::Extract;
use maillage_travel::profile::Profile;
use maillage_travel::roads::Roads;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A reader.
pub struct Target {
    /// Its name, and that of the folder of its seeds.
    pub name: &'static str,
    /// Reads an input; whatever it holds, without a panic.
    pub read: fn(&Bench, &[u8]),
}

/// Every reader.
pub static TARGETS: [Target; 13] = [
    Target { name: "bench", read: benchmark },
    Target { name: "csv", read: |b, i| b.territory("places-csv.json", "communes.csv", i) },
    Target { name: "geojson", read: |b, i| b.territory("geojson.json", "contours.geojson", i) },
    Target { name: "gpkg", read: |b, i| b.territory("gpkg.json", "communes.gpkg", i) },
    Target { name: "xlsx", read: workbook },
    Target { name: "mtt", read: binary_times },
    Target { name: "times", read: |b, i| b.territory("times.json", "times.csv", i) },
    Target { name: "import", read: import },
    Target { name: "pbf", read: extract },
    Target { name: "scenario", read: |b, i| b.validated("scenario.json", i) },
    Target { name: "suite", read: |b, i| b.validated("suite.json", i) },
    Target { name: "territory", read: |b, i| b.validated("territory.json", i) },
    Target { name: "result", read: result },
];

/// A folder with small good files, one of which is replaced.
pub struct Bench {
    dir: TempDir,
    profile: Profile,
}

/// Communes: code, name, people, position, area, GPs.
const COMMUNES: &str = "code_commune,name,population,lon,lat,area_km2,core,gps\n01001,A,900,5.0,46.0,10,1,1\n\
    01002,B,400,5.1,46.0,10,1,0\n01003,\"C, le Haut\",2500,5.0,46.1,20,1,2.5\n";

impl Bench {
    /// The good files.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder can be written");
        let (profile, _) = Profile::load("car").expect("a shipped profile");
        let bench = Bench { dir, profile };
        bench.put("communes.csv", COMMUNES.as_bytes());
        let file = |name: &str, more: &str| {
            let both = r#"{"fr":"essai","en":"test"}"#;
            let places = if name.starts_with("communes") { name } else { "communes.csv" };
            format!(
                r#"{{"schema_version":1,"name":"T","geography_year":2025,
                "places":{{"file":"{places}","supply":"counted","source":{both}}},{more}}}"#
            )
        };
        let proxy = r#""travel":{"kind":"proxy","max_min":45}"#;
        let table = |name: &str| {
            format!(r#""travel":{{"kind":"table","file":"{name}","max_min":45,"source":"s","date":"d"}}"#)
        };
        bench.put("territory.json", file("communes.csv", proxy).as_bytes());
        bench.put("places-csv.json", file("communes.csv", proxy).as_bytes());
        bench.put("gpkg.json", file("communes.gpkg", proxy).as_bytes());
        bench.put("xlsx.json", file("communes.xlsx", proxy).as_bytes());
        bench.put(
            "geojson.json",
            file("", &format!(r#""contours":{{"file":"contours.geojson"}},{proxy}"#)).as_bytes(),
        );
        bench.put("mtt.json", file("", &table("times.mtt")).as_bytes());
        bench.put("times.json", file("", &table("times.csv")).as_bytes());
        bench.solved();
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).expect("a temporary folder can be written");
    }

    /// A result to be checked, of the scenario that is the seed.
    fn solved(&self) {
        self.put("solved.json", include_bytes!("../seeds/scenario/p-median.json"));
        let (loaded, _) = maillage_scenario::load(&self.path("solved.json")).expect("a good scenario");
        let finished =
            maillage_scenario::run(&loaded, &Default::default(), &mut |_| {}).expect("it is solved");
        let lang = maillage_input::Lang::En;
        maillage_scenario::write(&self.path("r"), &loaded, &finished, "{}\n", lang)
            .expect("a result is written");
    }

    /// Seeds that are shipped, or that only a run can make.
    pub fn seeds(&self, target: &str) -> Vec<Vec<u8>> {
        let shipped = |name: &str| {
            let scenarios = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios"));
            fs::read(scenarios.join(name)).expect("a shipped file")
        };
        let marked = |mark: &[u8], name: &str| {
            [mark, &fs::read(self.path("r").join(name)).expect("a result is there")].concat()
        };
        match target {
            "scenario" => {
                ["roannais/poles.json", "roannais/three-sites.json", "centre-val-de-loire/maillage-125.json"]
                    .map(shipped)
                    .into()
            }
            "territory" => vec![shipped("roannais/access.json")],
            "result" => vec![marked(b"r", "result.json"), marked(b"a", "assignments.csv")],
            _ => Vec::new(),
        }
    }

    fn territory(&self, file: &str, name: &str, input: &[u8]) {
        self.put(name, input);
        let _ = maillage_territory::Territory::read(&self.path(file));
    }

    fn validated(&self, name: &str, input: &[u8]) {
        let name = format!("read-{name}");
        self.put(&name, input);
        let _ = maillage_scenario::validate(&self.path(&name));
    }
}

/// The hash at the end is made anew, or no change would get past it.
fn binary_times(b: &Bench, input: &[u8]) {
    let hex = sha256_hex(input);
    let byte = |i: usize| u8::from_str_radix(&hex[i..i + 2], 16).expect("two digits");
    let seal: Vec<u8> = (0..hex.len()).step_by(2).map(byte).collect();
    b.territory("mtt.json", "times.mtt", &[input, &seal].concat());
}

/// The first byte says which part of a workbook the others are.
fn workbook(b: &Bench, input: &[u8]) {
    let Some((&which, part)) = input.split_first() else { return };
    if which == b'r' {
        return b.territory("xlsx.json", "communes.xlsx", part);
    }
    let good: [(&str, &[u8]); 4] = [
        ("xl/workbook.xml", include_bytes!("../seeds/workbook/workbook.xml")),
        ("xl/_rels/workbook.xml.rels", include_bytes!("../seeds/workbook/workbook.xml.rels")),
        ("xl/sharedStrings.xml", include_bytes!("../seeds/workbook/sharedStrings.xml")),
        ("xl/worksheets/sheet1.xml", include_bytes!("../seeds/workbook/sheet1.xml")),
    ];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (i, (name, bytes)) in good.into_iter().enumerate() {
        let bytes = if usize::from(which) % good.len() == i { part } else { bytes };
        let written = zip.start_file(name, stored).and_then(|()| Ok(zip.write_all(bytes)?));
        written.expect("memory takes all");
    }
    let bytes = zip.finish().expect("memory takes all").into_inner();
    b.territory("xlsx.json", "communes.xlsx", &bytes);
}

/// The first byte says which format the others are in.
fn benchmark(_: &Bench, input: &[u8]) {
    let Some((&format, content)) = input.split_first() else { return };
    let record = InputRecord { path: "f".to_owned(), bytes: content.len() as u64, sha256: String::new() };
    let file = InputFile { record, content: content.to_vec() };
    match format {
        b'p' => drop(bench::orlib_pmed(&file).map(|_| ())),
        b'o' => drop(bench::orlib_cap(&file, Some(5000)).map(|_| ())),
        b'u' => drop(bench::ufl_simple(&file).map(|_| ())),
        b't' => drop(bench::tsplib(&file).map(|_| ())),
        b'h' => drop(bench::holmberg(&file).map(|_| ())),
        b'b' => drop(bench::tbed1(&file).map(|_| ())),
        b'g' => drop(bench::grid(&file).map(|_| ())),
        _ => drop(bench::csv_lists(&file, None).map(|_| ())),
    }
}

/// The first byte says which engine made the others.
fn import(b: &Bench, input: &[u8]) {
    let Some((&which, table)) = input.split_first() else { return };
    let format = match which {
        b'o' => Format::Osrm,
        b'v' => Format::Valhalla,
        b'm' => Format::Metric,
        b'r' => Format::R5,
        _ => Format::Access,
    };
    let codes = || ["01001", "01002"].map(str::to_owned).to_vec();
    let matrix = matches!(format, Format::Osrm | Format::Valhalla);
    let unit = (format == Format::Access).then_some(maillage_travel::import::Unit::Minutes);
    let options = ImportOptions {
        format,
        unit,
        codes: matrix.then(|| (codes(), codes())),
        columns: None,
        max_minutes: Some(60),
    };
    b.put("table", table);
    let _ = maillage_travel::import::read(&b.path("table"), &options);
}

fn extract(b: &Bench, input: &[u8]) {
    b.put("e.osm.pbf", input);
    if let Ok(extract) = Extract::open(&b.path("e.osm.pbf")) {
        let _ = Roads::read(&extract, &b.profile);
    }
}

/// The first byte says which file of a result the others stand in for.
fn result(b: &Bench, input: &[u8]) {
    let Some((&which, text)) = input.split_first() else { return };
    let name = if which == b'a' { "assignments.csv" } else { "result.json" };
    let path = b.path("r").join(name);
    let good = fs::read(&path).expect("a result is there");
    b.put(&format!("r/{name}"), text);
    let verdict = maillage_scenario::check(&b.path("r"), None);
    fs::write(path, good).expect("a temporary folder can be written");
    if let Ok(verdict) = verdict {
        let _ = verdict.render(maillage_input::Lang::Fr);
    }
}
