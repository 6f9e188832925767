//! Readers who have seen enough, and a standard output that takes nothing.

use super::{shipped, text};
use maillage_tests::{command, finished};
use std::process::{Command, Stdio};
use tempfile::tempdir;

#[test]
fn a_closed_pipe_is_no_error_and_the_result_is_written() {
    let dir = tempdir().unwrap();
    let out = dir.path().join("r");
    let program = command(&[]).get_program().to_owned();
    let script = "{ \"$0\" solve \"$1\" -o \"$2\" --json; echo \"code $?\" >&2; } | head -1";
    let mut run = Command::new("sh");
    run.args(["-c", script]).arg(program).arg(shipped("p-median")).arg(&out);
    let ran = finished(run.output().unwrap());
    assert!(ran.out == "{\n" && ran.err.ends_with("code 0\n"), "{ran:?}");
    assert_eq!(maillage_tests::maillage(&["check", &text(&out)]).code, 0);
    // Closed before the first byte, standard error too.
    let mut run = command(&["solve", &shipped("p-median"), "-o"]);
    let mut child = run.arg(&out).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop((child.stdout.take(), child.stderr.take()));
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_full_standard_output_is_an_error_and_the_result_is_written() {
    let Ok(full) = std::fs::File::options().write(true).open("/dev/full") else {
        return maillage_tests::skip("no /dev/full");
    };
    let dir = tempdir().unwrap();
    let out = dir.path().join("r");
    let mut run = command(&["solve", &shipped("p-median"), "-o"]);
    let ran = finished(
        run.arg(&out).stdout(full).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap(),
    );
    assert!(ran.code == 1 && ran.err.contains("standard output"), "{ran:?}");
    assert_eq!(maillage_tests::maillage(&["check", &text(&out)]).code, 0);
}
