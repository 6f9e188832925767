use super::*;

fn options(format: Format) -> ImportOptions {
    let codes = ["a", "b"].map(str::to_owned).to_vec();
    ImportOptions {
        format,
        unit: None,
        codes: Some((codes.clone(), codes)),
        columns: None,
        max_minutes: None,
    }
}

fn import(text: &str, options: &ImportOptions) -> Result<(Imported, Problems), Problems> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t");
    std::fs::write(&path, text).unwrap();
    read(&path, options)
}

/// Rows, and codes of warnings.
fn read_as(text: &str, options: &ImportOptions) -> (Vec<Vec<(u32, u32)>>, Vec<Code>) {
    let (imported, problems) = import(text, options).unwrap();
    (imported.table.rows, problems.iter().map(|p| p.code).collect())
}

fn errors(text: &str, options: &ImportOptions) -> Vec<Code> {
    import(text, options).unwrap_err().iter().map(|p| p.code).collect()
}

#[test]
fn osrm_nulls_and_guesses_are_absent() {
    let osrm = options(Format::Osrm);
    // 754.6 s = 12.5767 min.
    let text = r#"{"code":"Ok","durations":[[0,754.6],[null,0]],"sources":[{"location":[1,2]}]}"#;
    assert_eq!(read_as(text, &osrm), (vec![vec![(0, 0), (1, 1258)], vec![(1, 0)]], vec![Code::PairsAbsent]));
    let text = r#"{"code":"Ok","durations":[[0,754.6],[900,0]],"fallback_speed_cells":[[1,0],[7,7]]}"#;
    let (imported, problems) = import(text, &osrm).unwrap();
    assert_eq!(imported.table.rows[1], [(1, 0)]);
    let said: Vec<_> = problems.iter().map(|p| p.cause.en.clone()).collect();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("guessed"), "{said:?}");
    // Before version 5: tenths of seconds, 2^31 - 1 for unreachable.
    let text = r#"{"distance_table":[[0,7546],[2147483647,0]]}"#;
    assert_eq!(read_as(text, &osrm).0, [vec![(0, 0), (1, 1258)], vec![(1, 0)]]);
}

#[test]
fn matrices_that_are_none() {
    let osrm = options(Format::Osrm);
    for text in [
        r#"{"code":"NoTable","message":"no"}"#,
        r#"{"code":"Ok"}"#,
        r#"{"code":"Ok","durations":[[0,1]]}"#,
        r#"{"code":"Ok","durations":[[0],[1]]}"#,
        r#"{"code":"Ok","durations":[["a",1],[1,1]]}"#,
        "[]",
    ] {
        assert_eq!(errors(text, &osrm), [Code::MatrixFormat], "{text}");
    }
    let text = r#"{"code":"Ok","durations":[[0,60],[60,0]]}"#;
    assert_eq!(errors(text, &ImportOptions { codes: None, ..osrm }), [Code::MatrixFormat]);
}

#[test]
fn valhalla_in_both_shapes() {
    let valhalla = options(Format::Valhalla);
    let expected = vec![vec![(0, 0), (1, 200)], vec![(1, 0)]];
    let verbose = r#"{"sources_to_targets":[[{"time":0,"from_index":0,"to_index":0},{"time":120,"distance":1.2}],
        [{"time":null,"distance":null},{"time":0}]],"units":"kilometers"}"#;
    assert_eq!(read_as(verbose, &valhalla), (expected.clone(), vec![Code::PairsAbsent]));
    let brief = r#"{"sources_to_targets":{"durations":[[0,120],[null,0]],"distances":[[0,1],[null,0]]}}"#;
    assert_eq!(read_as(brief, &valhalla).0, expected);
    let swapped = verbose.replace("\"from_index\":0", "\"from_index\":1");
    assert_eq!(errors(&swapped, &valhalla), [Code::MatrixFormat]);
    assert_eq!(
        errors(r#"{"error_code":154,"error":"Path distance exceeds"}"#, &valhalla),
        [Code::MatrixFormat]
    );
}

#[test]
fn lists() {
    let metric = "idSrc;idDst;duree;distance\n01001;01002;12,5;10\n01001;01003;-999999;\n01001;01002;13;9\n";
    let (rows, warned) = read_as(metric, &options(Format::Metric));
    assert_eq!((rows, warned), (vec![vec![(0, 1250)]], vec![Code::PairsAbsent]));
    let r5 = "from_id,to_id,travel_time_p50\na,b,7\na,c,NaN\na,d,\nb,a,0\n";
    let (rows, warned) = read_as(r5, &options(Format::R5));
    assert_eq!((rows, warned), (vec![vec![(0, 700)], vec![(3, 0)]], vec![Code::PairsAbsent, Code::Unusual]));
    let access = "origin,dest,cost\na,b,600\n";
    assert_eq!(errors(access, &options(Format::Access)), [Code::MatrixFormat]);
    let seconds = ImportOptions { unit: Some(Unit::Seconds), ..options(Format::Access) };
    assert_eq!(read_as(access, &seconds), (vec![vec![(0, 1000)]], vec![]));
    // 600 read as minutes: another unit?
    let minutes = ImportOptions { unit: Some(Unit::Minutes), ..seconds.clone() };
    assert_eq!(read_as(access, &minutes), (vec![vec![(0, 60_000)]], vec![Code::Unusual]));
    let bounded = ImportOptions { max_minutes: Some(9), ..seconds.clone() };
    assert_eq!(read_as(access, &bounded).0, [vec![]]);
    let named = ImportOptions { columns: Some(["o", "D", "t"].map(str::to_owned)), ..seconds };
    assert_eq!(read_as("o,d,t\na,b,60\n", &named).0, [vec![(0, 100)]]);
    assert_eq!(errors("from_id,to_id\na,b\n", &options(Format::R5)), [Code::MissingColumn]);
    assert_eq!(
        errors("from_id,to_id,travel_time\na,,3\na,b,x\n", &options(Format::R5)),
        [Code::BadCode, Code::BadNumber]
    );
}
