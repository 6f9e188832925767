//! Runs the real binary for the end-to-end tests beside this crate.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// The top folder of the project.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests stand in a folder of the project")
}

/// The folder of the shipped Roannais.
pub fn roannais() -> PathBuf {
    root().join("scenarios/roannais")
}

/// A file of the benchmark data beside the checkout; `None`, said on standard output, where it is absent.
pub fn shared(path: &str) -> Option<PathBuf> {
    let file = root().join("../shared").join(path);
    if !file.exists() {
        skip(&format!("no shared/{path}"));
        return None;
    }
    Some(file)
}

/// Says that a test cannot run here. Where everything is known to be there, as in CI, `MAILLAGE_NO_SKIP` makes
/// it fail instead.
///
/// # Panics
/// When `MAILLAGE_NO_SKIP` is set.
pub fn skip(why: &str) {
    println!("skipped: {why}");
    assert!(std::env::var_os("MAILLAGE_NO_SKIP").is_none(), "nothing may be skipped here: {why}");
}

/// The Python that has what maillage is compared with; `None`, said on standard output, where it is not installed as pinned.
pub fn peers() -> Option<PathBuf> {
    let (peers, pins) = (root().join(".tools/peers"), root().join("tests/peers/requirements.txt"));
    if std::fs::read(peers.join("requirements.txt")).ok() != std::fs::read(pins).ok() {
        skip("no .tools/peers; `./dev peers` makes it");
        return None;
    }
    Some(peers.join("bin/python"))
}

/// The binary, built in the profile of this test run: cargo does not build it for the tests of another package.
fn binary() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let here = std::env::current_exe().expect("a test knows where it stands");
        let profile = here.ancestors().nth(2).expect("tests run in PROFILE/deps").to_owned();
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--quiet", "--locked", "-p", "maillage"]).current_dir(root());
        if profile.ends_with("release") {
            cargo.arg("--release");
        }
        let built = cargo.status().expect("cargo starts");
        assert!(built.success(), "the binary does not build");
        profile.join("maillage")
    })
}

/// What a run of the binary gave.
#[derive(Debug)]
pub struct Ran {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("no JSON ({e}): {self:?}"))
    }
}

/// The command, ready for more settings.
pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(args).stdin(Stdio::null());
    command
}

/// Runs the binary. Whatever the input, it must not panic.
pub fn maillage(args: &[&str]) -> Ran {
    finished(command(args).output().expect("the binary starts"))
}

/// Runs the binary from a folder.
pub fn maillage_in(folder: &Path, args: &[&str]) -> Ran {
    finished(command(args).current_dir(folder).output().expect("the binary starts"))
}

/// The end of a run.
pub fn finished(output: Output) -> Ran {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let ran = Ran {
        code: output.status.code().unwrap_or(-1),
        out: text(&output.stdout),
        err: text(&output.stderr),
    };
    assert!(!ran.err.contains("panicked"), "the program panicked: {ran:?}");
    ran
}

/// A result without what differs between equal runs: times, and what is sealed or listed of them.
pub fn timeless(result: &mut Value) {
    for key in ["cpu_seconds", "wall_seconds", "peak_memory_mb", "progress"] {
        result[key] = Value::Null;
        result["seal"][key] = Value::Null;
    }
    result["seal"]["files"] = Value::Null;
    for file in result["files"].as_array_mut().into_iter().flatten().filter(|f| f["path"] == "report.html") {
        (file["bytes"], file["sha256"]) = (Value::Null, Value::Null);
    }
}

/// A page without its section of times.
pub fn timeless_page(html: &str) -> String {
    let Some((before, rest)) = html.split_once("<section data-times") else { return html.to_owned() };
    let (_, after) = rest.split_once("</section>").expect("a section ends");
    format!("{before}{after}")
}

/// Waits until the process that a killed run watched is gone: it ends a moment later.
///
/// # Panics
/// When it is still there after half a minute.
pub fn buried(run: u32) {
    let watched = format!("--supervisor\0{run}\0");
    let begun = std::time::Instant::now();
    let there = || {
        let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let lines = processes.filter_map(|p| std::fs::read(p.path().join("cmdline")).ok());
        lines.into_iter().any(|line| String::from_utf8_lossy(&line).contains(&watched))
    };
    while there() {
        assert!(begun.elapsed().as_secs() < 30, "the process of {run} is not gone");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

/// A shipped Roannais scenario with one change, written to `folder`; it reads the shipped territory.
pub fn scenario(folder: &Path, name: &str, change: impl FnOnce(&mut Value)) -> String {
    let text = std::fs::read_to_string(roannais().join(format!("{name}.json"))).expect("a shipped scenario");
    let mut value: Value = serde_json::from_str(&text).expect("a shipped scenario is JSON");
    value["territory"] = roannais().join("territory.json").to_string_lossy().into();
    change(&mut value);
    let path = folder.join(format!("{name}.json"));
    std::fs::write(&path, value.to_string()).expect("a temporary folder can be written");
    path.to_string_lossy().into_owned()
}
