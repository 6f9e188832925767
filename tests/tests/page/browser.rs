//! Debian's Chromium, without a network.

use maillage_tests::{root, skip};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::tempdir;

/// The browser; `None`, said on standard output, where there is none.
pub fn chromium() -> Option<&'static str> {
    let found = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
        let version =
            Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        version.is_ok_and(|s| s.success())
    });
    if found.is_none() {
        skip("no Chromium");
    }
    found
}

/// Runs the browser on a page from disk, with the network cut.
pub fn browse(browser: &str, page: &Path, width: u32, more: &[&str]) -> Output {
    let profile = tempdir().unwrap();
    Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr"])
        .args(["--virtual-time-budget=5000", &format!("--window-size={width},900")])
        .args(more)
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}", page.display()))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// What a driver left in the body of a page.
pub struct Driven {
    page: String,
    console: String,
    what: String,
}

impl Driven {
    /// The page after its scripts and a driver ran. Nothing may have gone wrong on the console.
    pub fn new(browser: &str, html: &Path, driver: &str, width: u32, what: &str) -> Driven {
        let text = fs::read_to_string(html).unwrap();
        assert_eq!(text.matches("</body>").count(), 1);
        let driven = html.with_file_name("driven.html");
        fs::write(&driven, text.replace("</body>", &format!("<script>{driver}</script></body>"))).unwrap();
        let ran = browse(browser, &driven, width, &["--dump-dom"]);
        fs::remove_file(driven).unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let (page, console) = (text(ran.stdout), text(ran.stderr));
        assert!(!console.contains(":CONSOLE"), "{what}: {console}");
        Driven { page, console, what: what.to_owned() }
    }

    /// One thing it said, without what HTML escapes.
    pub fn said(&self, key: &str) -> String {
        let from = self
            .page
            .split_once(&format!(" data-{key}=\""))
            .unwrap_or_else(|| panic!("{}: {key} was not said: {}", self.what, self.console));
        let text = from.1.split('"').next().unwrap();
        let plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        plain.replace("&nbsp;", "\u{a0}").replace("&amp;", "&")
    }

    /// Asserts several at once.
    pub fn says(&self, all: &[(&str, &str)]) {
        for (key, value) in all {
            assert_eq!(self.said(key), *value, "{}: {key}", self.what);
        }
    }
}

/// The script of axe, which `./dev peers` installs.
pub fn axe() -> Option<String> {
    let lib = root().join(".tools/peers/lib");
    let python = fs::read_dir(lib).into_iter().flatten().flatten().map(|e| e.path());
    let script = |p: PathBuf| p.join("site-packages/axe_core_python/axe.min.js");
    let found = python.map(script).find(|p| p.is_file()).map(|p| fs::read_to_string(p).unwrap());
    if found.is_none() {
        skip("no axe in .tools/peers; `./dev peers` installs it");
    }
    found
}
