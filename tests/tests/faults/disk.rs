//! Disks that are full or take no writing, and two runs into one folder.

use super::{files, names, shipped, solve, started, suite_with_slow, text};
use maillage_tests::{Ran, command, finished, maillage};
use std::path::Path;
use std::process::Command;
use tempfile::tempdir;

/// A script in a name space of its own, where it may mount: `$0` is maillage, then come the arguments. `None` where the system
/// allows no such thing.
fn apart(script: &str, args: &[&str]) -> Option<Ran> {
    let own =
        |command: &mut Command| command.args(["-rm", "true"]).output().is_ok_and(|o| o.status.success());
    if !own(&mut Command::new("unshare")) {
        maillage_tests::skip("no name spaces of one's own (unshare -rm)");
        return None;
    }
    let program = command(&[]).get_program().to_owned();
    let mut run = Command::new("unshare");
    run.args(["-rm", "sh", "-euc", script]).arg(program).args(args);
    Some(finished(run.output().unwrap()))
}

/// A disk on which a first result fits and a second does not.
#[test]
fn a_full_disk_leaves_the_earlier_result() {
    let dir = tempdir().unwrap();
    let script = "mount -t tmpfs -o size=3m none \"$1\"; cd \"$1\"
        \"$0\" solve \"$2\" -o r --quiet; cp r/result.json kept
        fill() { dd if=/dev/zero of=fill bs=1k 2>/dev/null || true; }; fill
        set +e; \"$0\" solve \"$3\" -o r --quiet --lang en; echo \"code $?\"
        \"$0\" suite \"$4\" -o s --quiet --lang en; echo \"code $?\"
        \"$0\" report r --with xlsx --lang en; echo \"code $?\"
        cmp kept r/result.json && \"$0\" check r --lang en && ls -A";
    let suite = suite_with_slow(dir.path(), &[]);
    let disk = dir.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let args = [&text(&disk), &shipped("p-median"), &shipped("p-center"), &suite].map(|a| a.to_owned());
    let Some(ran) = apart(script, &args.each_ref().map(String::as_str)) else { return };
    assert_eq!(ran.out.matches("code 3").count(), 3, "{ran:?}");
    assert!(ran.err.matches("error E107").count() >= 3 && ran.err.contains("free space"), "{ran:?}");
    let left = ["fill\nkept\nr\n", "fill\nkept\nr\ns\n"].iter().any(|names| ran.out.ends_with(names));
    assert!(left && ran.code == 0, "nothing torn is left: {ran:?}");
}

/// Where nothing may be mounted: files of a process may not grow, and the system ends it.
#[test]
fn files_that_may_not_grow_leave_the_earlier_result() {
    let dir = tempdir().unwrap();
    let out = dir.path().join("r");
    assert_eq!(solve(&shipped("p-median"), &out, &[]).code, 0);
    let before = files(&out);
    let program = command(&[]).get_program().to_owned();
    let script = "ulimit -f 20; exec \"$0\" solve \"$1\" -o \"$2\" --quiet --lang en";
    let run = |scenario: &str| {
        let mut run = Command::new("sh");
        finished(run.args(["-c", script]).arg(&program).arg(shipped(scenario)).arg(&out).output().unwrap())
    };
    let ran = run("p-center");
    assert!(ran.code == 1 && ran.err.contains("E701") && ran.err.contains("SIGXFSZ"), "{ran:?}");
    assert_eq!(files(&out), before);
    assert_eq!(solve(&shipped("p-center"), &out, &[]).code, 0);
    assert_eq!(names(dir.path()), ["r"], "the next run removes what was torn");
}

#[test]
fn a_folder_that_takes_no_writing_is_told_before_solving() {
    let dir = tempdir().unwrap();
    std::fs::write(dir.path().join("file"), "x").unwrap();
    let ran = solve(&shipped("p-median"), &dir.path().join("file/r"), &[]);
    assert!(ran.code == 3 && ran.err.contains("E107"), "{ran:?}");
    let script =
        "mount -t tmpfs none \"$1\"; cd \"$1\"; \"$0\" solve \"$2\" -o r --quiet; cp r/result.json \"$3\"
        mount -o remount,ro \"$1\"
        set +e; \"$0\" solve \"$2\" -o r --quiet --lang en; echo \"code $?\"
        \"$0\" report r --lang en; echo \"code $?\"
        cmp \"$3\" r/result.json && \"$0\" check r && ls -A";
    let kept = text(&dir.path().join("kept"));
    let disk = dir.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let Some(ran) = apart(script, &[&text(&disk), &shipped("p-median"), &kept]) else { return };
    assert_eq!(ran.out.matches("code 3").count(), 2, "{ran:?}");
    assert!(
        ran.err.matches("error E107").count() == 2 && ran.out.ends_with("\nr\n") && ran.code == 0,
        "{ran:?}"
    );
}

/// Each takes its turn: the folder is that of one of them, whole.
#[test]
fn runs_into_one_folder_do_not_mix() {
    let dir = tempdir().unwrap();
    let out = dir.path().join("r");
    let scenarios = ["p-median", "p-center", "max-cover", "set-cover"];
    let results = scenarios.map(|name| {
        let alone = dir.path().join(name);
        assert_eq!(solve(&shipped(name), &alone, &[]).code, 0);
        let files = files(&alone);
        std::fs::remove_dir_all(&alone).unwrap();
        files
    });
    for _ in 0..5 {
        let runs = scenarios.map(|name| started(&["solve", &shipped(name), "--quiet"], &out));
        for run in runs {
            let ran = finished(run.wait_with_output().unwrap());
            assert_eq!(ran.code, 0, "{ran:?}");
        }
        let got = files(&out);
        assert!(results.contains(&got), "one of them, and whole");
        assert_eq!(maillage(&["check", &text(&out)]).code, 0);
        assert_eq!(names(dir.path()), ["r"], "nothing is left beside it");
    }
}

#[test]
fn two_runs_of_a_suite_into_one_folder_do_not_mix() {
    let dir = tempdir().unwrap();
    let suite = suite_with_slow(dir.path(), &[]);
    let results = |out: &Path| ["five", "seven"].map(|name| files(&out.join(name)));
    let (alone, both) = (dir.path().join("alone"), dir.path().join("both"));
    assert_eq!(maillage(&["suite", &suite, "-o", &text(&alone), "--quiet", "--lang", "en"]).code, 0);
    for _ in 0..3 {
        let runs = [(); 3].map(|()| started(&["suite", &suite, "--quiet"], &both));
        for run in runs {
            let ran = finished(run.wait_with_output().unwrap());
            assert_eq!(ran.code, 0, "{ran:?}");
        }
        assert_eq!(results(&both), results(&alone));
        assert_eq!(names(&both), names(&alone), "nothing is left beside them");
    }
}
