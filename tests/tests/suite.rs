//! Suites: scenarios made of a base, solved side by side, resumed, collected, compared with stored results.
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

use maillage_tests::{Ran, command, finished, maillage, roannais, timeless, timeless_page};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::tempdir;

/// A suite of plain problems, which take milliseconds, and one siting problem.
fn small(folder: &Path, change: impl FnOnce(&mut Value)) -> String {
    let mut suite = json!({
        "schema_version": 1,
        "base": roannais().join("p-median.json"),
        "overrides": {
            "more": { "problem": { "p": 7 } },
            "cover": { "problem": { "kind": "set-cover", "radius_min": 20,
                "candidates": { "places": "core", "min_population": 500 } } },
            "broken": { "problem": { "candidats": {} }, "people": { "attachable_percent": 0 } },
        },
        "scenarios": { "five": [], "seven": ["more"], "cover": ["cover"] },
    });
    change(&mut suite);
    let path = folder.join("suite.json");
    fs::write(&path, suite.to_string()).unwrap();
    path.to_string_lossy().into_owned()
}

fn suite(file: &str, out: &Path, extra: &[&str]) -> Ran {
    let mut args = vec!["suite", file, "-o", out.to_str().unwrap(), "--lang", "en"];
    args.extend(extra);
    maillage(&args)
}

/// Every file below a folder but the logs, without times.
fn files(dir: &Path) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut folders: Vec<PathBuf> = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let mut text = fs::read_to_string(&path).unwrap();
            if path.ends_with("result.json") {
                let mut value: Value = serde_json::from_str(&text).unwrap();
                timeless(&mut value);
                text = value.to_string();
            }
            if path.ends_with("report.html") {
                text = timeless_page(&text);
            }
            if !path.ends_with("log.jsonl") {
                out.insert(path.strip_prefix(dir).unwrap().to_string_lossy().into_owned(), text);
            }
        }
    }
    out
}

fn compared(out: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(out.join("comparison.json")).unwrap()).unwrap()
}

fn statuses(compared: &Value) -> Vec<(&str, &str)> {
    let rows = compared["scenarios"].as_array().unwrap();
    rows.iter().map(|r| (r["scenario"].as_str().unwrap(), r["status"].as_str().unwrap())).collect()
}

/// When each result was written.
fn written(out: &Path, name: &str) -> std::time::SystemTime {
    fs::metadata(out.join(name).join("result.json")).unwrap().modified().unwrap()
}

#[test]
fn jobs_change_nothing() {
    let dir = tempdir().unwrap();
    let sweep = json!({"name": "p", "pointer": "problem.p", "values": [3, 4, 6]});
    let file = small(dir.path(), |s| {
        s["scenarios"].as_object_mut().unwrap().remove("cover");
        s["sweep"] = sweep;
    });
    let (one, two) = (dir.path().join("one"), dir.path().join("two"));
    let narrow = dir.path().join("narrow");
    for (out, jobs, memory) in [(&one, "1", "4000"), (&two, "2", "4000"), (&narrow, "3", "1")] {
        let ran = suite(&file, out, &["--jobs", jobs, "--memory-mb", memory, "--quiet"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    let got = files(&one);
    assert_eq!(got, files(&two));
    assert_eq!(got, files(&narrow), "where nothing fits one is solved at a time");
    for name in ["five.p-3", "five.p-4", "five.p-6", "seven.p-3"] {
        assert!(got.contains_key(&format!("{name}/result.json")), "{name}");
        let checked = maillage(&["check", one.join(name).to_str().unwrap()]);
        assert_eq!(checked.code, 0, "{name}: {}", checked.out);
    }
    let compared = compared(&one);
    assert_eq!(compared["compared_with"], "five.p-3");
    let opened: Vec<&Value> =
        compared["scenarios"].as_array().unwrap().iter().map(|r| &r["sites_opened"]).collect();
    assert_eq!(opened, [3, 4, 6, 3, 4, 6]);
    let total: u64 = compared["sites"].as_array().unwrap().iter().map(|s| s["plans"].as_u64().unwrap()).sum();
    assert_eq!(total, 26, "3 + 4 + 6 sites, twice");
    assert!(fs::read_to_string(one.join("comparison-sites.csv")).unwrap().contains(",never\n"));
    // The page names every scenario, leads to its own page, and needs nothing else.
    let page = fs::read_to_string(one.join("comparison.html")).unwrap();
    for name in ["five.p-3", "seven.p-6"] {
        let link = format!("{name}/report.html");
        assert!(page.contains(&format!("href=\"{link}\"")) && one.join(&link).is_file(), "{name}");
    }
    let closed = page.contains("default-src 'none'") && !page.contains("connect-src");
    assert!(closed && !page.contains("://") && !page.contains("src=\""), "nothing is fetched");
}

#[test]
fn errors_stay_in_their_scenario() {
    let dir = tempdir().unwrap();
    let file = small(dir.path(), |s| s["scenarios"]["bad"] = json!(["broken"]));
    let out = dir.path().join("r");
    let valid = maillage(&["validate", &file, "--lang", "en"]);
    assert_eq!((valid.code, valid.err.matches("error ").count()), (3, 2), "{}", valid.err);
    assert!(valid.err.contains("suite.json → bad [/people/attachable_percent]"), "{}", valid.err);
    let ran = suite(&file, &out, &[]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    let compared = compared(&out);
    assert_eq!(
        statuses(&compared),
        [("five", "optimal"), ("seven", "optimal"), ("cover", "optimal"), ("bad", "bad_input")]
    );
    // Both problems, with the file that holds them.
    for said in ["unknown key `candidats`", "write `candidates`", "/people/attachable_percent", "bad.json:"] {
        assert!(ran.err.contains(said), "{said}: {}", ran.err);
    }
    assert_eq!(compared["scenarios"][3]["problems"].as_array().unwrap().len(), 2);
    assert!(!out.join("bad").exists());
}

#[test]
fn resuming_solves_what_changed() {
    let dir = tempdir().unwrap();
    let out = dir.path().join("r");
    assert_eq!(suite(&small(dir.path(), |_| {}), &out, &["--quiet"]).code, 0);
    let before = files(&out);
    let times = |name| written(&out, name);
    let first = ["five", "seven", "cover"].map(times);
    let ran = suite(&small(dir.path(), |_| {}), &out, &["--resume"]);
    assert_eq!(ran.code, 0);
    assert_eq!(ran.err.matches("(kept)").count(), 3, "{}", ran.err);
    assert_eq!(first, ["five", "seven", "cover"].map(times), "nothing is solved again");
    assert_eq!(before, files(&out));
    // One override changes, one folder is torn.
    fs::remove_file(out.join("cover/sites.csv")).unwrap();
    let file = small(dir.path(), |s| s["overrides"]["more"]["problem"]["p"] = 8.into());
    let ran = suite(&file, &out, &["--resume"]);
    assert_eq!(ran.err.matches("(kept)").count(), 1, "{}", ran.err);
    let second = ["five", "seven", "cover"].map(times);
    assert!(first[0] == second[0] && first[1] != second[1] && first[2] != second[2]);
    assert_eq!(compared(&out)["scenarios"][1]["sites_opened"], 8);
    // Other options make other results.
    let ran = suite(&file, &out, &["--resume", "--seed", "3"]);
    assert_eq!((ran.code, ran.err.matches("(kept)").count()), (0, 0), "{}", ran.err);
}

#[test]
fn units_can_be_solved_elsewhere() {
    let dir = tempdir().unwrap();
    let file = small(dir.path(), |_| {});
    let (direct, apart) = (dir.path().join("direct"), dir.path().join("apart"));
    assert_eq!(suite(&file, &direct, &["--quiet", "--jobs", "1"]).code, 0);
    let planned = suite(&file, &apart, &["--plan"]);
    assert_eq!(planned.code, 0, "{}", planned.err);
    let units: Vec<Value> = planned.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(units.len(), 3);
    let collect =
        || maillage(&["suite", &file, "--collect", apart.to_str().unwrap(), "--quiet", "--lang", "en"]);
    let early = collect();
    assert_eq!(early.code, 6, "nobody has solved them: {}", early.out);
    for unit in &units {
        let path = |key: &str| unit[key].as_str().unwrap().to_owned();
        let ran = maillage(&["solve", &path("scenario"), "-o", &path("folder"), "--quiet", "--lang", "en"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    assert_eq!(collect().code, 0);
    assert_eq!(files(&direct), files(&apart));
    let again = suite(&file, &apart, &["--plan"]);
    for (line, unit) in again.out.lines().zip(&units) {
        let known: Value = serde_json::from_str(line).unwrap();
        assert!(unit["seconds"].is_null() && known["seconds"].is_f64(), "{line}");
        assert!(known["memory_mb"].as_u64().unwrap() >= 8, "{line}");
    }
}

#[test]
fn stored_results_are_a_yardstick() {
    let dir = tempdir().unwrap();
    let file = small(dir.path(), |_| {});
    let (stored, now, xml) = (dir.path().join("stored"), dir.path().join("now"), dir.path().join("j.xml"));
    assert_eq!(suite(&file, &stored, &["--quiet"]).code, 0);
    let against = || {
        let extra = ["--compare-to", stored.to_str().unwrap(), "--junit", xml.to_str().unwrap()];
        let ran = suite(&file, &now, &extra);
        (ran.code, ran.err, fs::read_to_string(&xml).unwrap())
    };
    let (code, err, junit) = against();
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("speed: ") && err.contains("no scenario is worse"), "{err}");
    assert!(junit.contains("tests=\"3\" errors=\"0\" failures=\"0\""), "{junit}");
    // A stored p-median that is shorter by one, as if an earlier version had found it.
    let path = stored.join("seven/result.json");
    let mut result: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let better = result["goals"][0]["objective"].as_f64().unwrap().floor() - 1.0;
    result["goals"][0]["objective"] = better.into();
    result["goals"][0]["bound"] = better.into();
    fs::write(&path, result.to_string()).unwrap();
    let (code, err, junit) = against();
    assert_eq!(code, 7, "{err}");
    assert!(err.contains("seven: `p-median` is"), "{err}");
    assert!(junit.contains("failures=\"1\"") && junit.contains("<failure message=\"`p-median`"), "{junit}");
}

#[test]
fn names_cannot_leave_the_folder() {
    let dir = tempdir().unwrap();
    let file = small(dir.path(), |s| {
        for name in ["../up", "/etc/x", ".hidden", "a/b", "units", ""] {
            s["scenarios"][name] = json!([]);
        }
        s["scenarios"]["typo"] = json!(["moer"]);
    });
    let out = dir.path().join("r");
    let ran = suite(&file, &out, &[]);
    assert_eq!(ran.code, 3);
    assert_eq!(ran.err.matches("error E304").count(), 6, "{}", ran.err);
    assert!(ran.err.contains("error E402") && ran.err.contains("/scenarios/typo/0"), "{}", ran.err);
    assert!(!out.exists() && !dir.path().join("up").exists());
    let file = small(dir.path(), |s| s["overides"] = json!({}));
    let ran = suite(&file, &out, &[]);
    assert!(ran.code == 3 && ran.err.contains("write `overrides`"), "{}", ran.err);
}

#[test]
fn the_shipped_suite_is_planned() {
    let dir = tempdir().unwrap();
    let file = roannais().join("suite.json");
    let ran = suite(file.to_str().unwrap(), &dir.path().join("r"), &["--plan"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for line in ran.out.lines() {
        let unit: Value = serde_json::from_str(line).unwrap();
        let valid = maillage(&["validate", unit["scenario"].as_str().unwrap()]);
        assert_eq!(valid.code, 0, "{}", valid.err);
    }
    assert_eq!(ran.out.lines().count(), 4);
}

/// One worker: the first scenario takes milliseconds, the second more than ten seconds of processor time.
#[cfg(unix)]
#[test]
fn an_interrupt_keeps_what_is_finished() {
    let dir = tempdir().unwrap();
    let slow = fs::read_to_string(roannais().join("departures-new-sites.json")).unwrap();
    let mut slow: Value = serde_json::from_str(&slow).unwrap();
    slow.as_object_mut().unwrap().remove("$schema");
    slow["territory"] = roannais().join("territory.json").to_string_lossy().into();
    let file = small(dir.path(), |s| {
        s["overrides"]["slow"] = slow;
        s["scenarios"] = json!({"five": [], "slow": ["slow"], "later": ["more"]});
    });
    let out = dir.path().join("r");
    let mut run = command(&["suite", &file, "--jobs", "1", "--lang", "en", "-o"]);
    run.arg(&out).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let child = run.spawn().unwrap();
    let begun = std::time::Instant::now();
    while !out.join("five/result.json").exists() && begun.elapsed().as_secs() < 30 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    std::thread::sleep(std::time::Duration::from_secs(2));
    // Through the shell's own kill: no other way without unsafe code.
    std::process::Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status().unwrap();
    let ran = finished(child.wait_with_output().unwrap());
    assert_eq!(ran.code, 6, "{ran:?}");
    let compared = compared(&out);
    let got = statuses(&compared);
    assert_eq!((got[0], got[2]), (("five", "optimal"), ("later", "not_run")));
    assert!(["feasible", "no_plan"].contains(&got[1].1), "{got:?}");
    assert_eq!(maillage(&["check", out.join("five").to_str().unwrap()]).code, 0);
    assert!(!out.join("later").exists());
}

/// Many scenarios need no more open files than few.
#[cfg(unix)]
#[test]
fn two_hundred_scenarios_with_few_file_handles() {
    let dir = tempdir().unwrap();
    let file = small(dir.path(), |s| {
        let percent: Vec<u32> = (51..=100).collect();
        s["scenarios"] = json!({"five": []});
        s["sweep"] = json!([
            {"name": "few", "pointer": "problem.candidates.min_population", "values": [5000]},
            {"name": "p", "pointer": "problem.p", "values": [1, 2, 3, 4]},
            {"name": "share", "pointer": "people.attachable_percent", "values": percent},
        ]);
        s["overrides"] = json!({});
    });
    let out = dir.path().join("r");
    let program = command(&[]).get_program().to_owned();
    let mut run = std::process::Command::new("sh");
    run.args(["-c", "ulimit -n 32; exec \"$0\" suite \"$1\" -o \"$2\" --jobs 4 --quiet"]);
    let ran = finished(run.arg(program).arg(&file).arg(&out).output().unwrap());
    let ends = compared(&out);
    let ends: std::collections::BTreeSet<&str> =
        statuses(&ends).into_iter().map(|(_, status)| status).collect();
    assert!(ends.iter().all(|s| ["optimal", "infeasible"].contains(s)), "{ends:?} {}", ran.err);
    let folders = fs::read_dir(&out).unwrap().flatten().filter(|e| e.path().join("result.json").is_file());
    assert_eq!(folders.count(), 200);
}

/// Fifty runs killed at moments drawn from a seed, each going on from what the one before left.
#[cfg(unix)]
#[test]
fn fifty_kills_leave_nothing_torn() {
    let dir = tempdir().unwrap();
    let file = small(dir.path(), |s| {
        s["sweep"] = json!({"name": "p", "pointer": "problem.p", "values": [2, 3, 4, 6]});
        s["scenarios"] = json!({"five": [], "seven": ["more"]});
    });
    let (calm, killed) = (dir.path().join("calm"), dir.path().join("killed"));
    let begun = std::time::Instant::now();
    assert_eq!(suite(&file, &calm, &["--quiet"]).code, 0);
    // Longest delays before a kill, of runs that solve all and of those that go on: shorter once one was too long.
    let mut most = [begun.elapsed().as_millis() as u64; 2];
    let want = files(&calm);
    let mut draw = 20_261_123_u64;
    let mut struck = 0;
    for round in 0..50 {
        // Knuth's MMIX generator; every fifth run solves again what stands, so that results are replaced too.
        draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let most = &mut most[usize::from(round % 5 > 0)];
        let after = (draw >> 33) % *most;
        let mut run = command(&["suite", &file, "--quiet", "--lang", "en", "-o"]);
        run.arg(&killed).args((round % 5 > 0).then_some("--resume"));
        let mut child =
            run.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(after));
        child.kill().unwrap();
        match child.wait().unwrap().code() {
            None => struck += 1,
            Some(_) => *most = (*most).min(after.max(20)),
        }
        maillage_tests::buried(child.id());
        for entry in fs::read_dir(&killed).into_iter().flatten().flatten() {
            // Whatever has a result has a whole one.
            let name = entry.file_name().to_string_lossy().into_owned();
            let result = entry.path().join("result.json");
            if let Ok(text) = fs::read_to_string(result)
                && !name.starts_with('.')
            {
                let value: Value = serde_json::from_str(&text).unwrap();
                for file in value["files"].as_array().unwrap() {
                    let size = fs::metadata(entry.path().join(file["path"].as_str().unwrap())).unwrap().len();
                    assert_eq!(Some(size), file["bytes"].as_u64(), "{name}: {file}");
                }
            }
        }
    }
    assert!(struck >= 10, "{struck} of 50 runs were killed before they ended");
    assert_eq!(suite(&file, &killed, &["--resume", "--quiet"]).code, 0);
    assert_eq!(files(&killed), want, "and nothing is left beside them");
}
