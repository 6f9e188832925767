//! Debian's Chromium, without a network.

use maillage_tests::{root, skip};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use tempfile::{TempDir, tempdir};

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

/// Without a window, a network or anything that is left behind.
const ALONE: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
];

/// Runs the browser on a page from disk, with the network cut.
pub fn browse(browser: &str, page: &Path, width: u32, more: &[&str]) -> Output {
    let profile = tempdir().unwrap();
    Command::new(browser)
        .args(ALONE)
        .arg("--enable-logging=stderr")
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

/// A page on a screen of 390 × 844 with fingers, driven over the browser's own protocol through two pipes.
pub struct Phone {
    browser: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    session: String,
    asked: u64,
    faults: Vec<String>,
    _profile: TempDir,
}

impl Phone {
    pub fn new(browser: &str, page: &Path) -> Phone {
        let profile = tempdir().unwrap();
        // The protocol takes the file descriptors 3 and 4: a shell hands it our pipes under these numbers.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1", browser])
            .args(ALONE)
            .args(["--remote-debugging-pipe", &format!("--user-data-dir={}", profile.path().display())])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (to, from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut phone = Phone {
            browser: child,
            to,
            from,
            session: String::new(),
            asked: 0,
            faults: Vec::new(),
            _profile: profile,
        };
        let target = phone.ask("Target.createTarget", json!({ "url": "about:blank" }));
        let tab = json!({ "targetId": target["targetId"], "flatten": true });
        phone.session = phone.ask("Target.attachToTarget", tab)["sessionId"].as_str().unwrap().to_owned();
        phone.ask("Runtime.enable", json!({}));
        let screen = json!({ "width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": true });
        phone.ask("Emulation.setDeviceMetricsOverride", screen);
        phone.ask("Emulation.setTouchEmulationEnabled", json!({ "enabled": true, "maxTouchPoints": 2 }));
        phone.ask("Page.navigate", json!({ "url": format!("file://{}", page.display()) }));
        while phone.says("document.readyState === 'complete' && location.href !== 'about:blank'") != true {}
        phone
    }

    /// Sends a command and waits for its answer.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let mut message = json!({ "id": self.asked, "method": method, "params": params });
        if !self.session.is_empty() {
            message["sessionId"] = self.session.as_str().into();
        }
        self.to.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let mut bytes = Vec::new();
            assert!(self.from.read_until(0, &mut bytes).unwrap() > 0, "{method}: the browser has gone");
            bytes.pop();
            let answer: Value = serde_json::from_slice(&bytes).unwrap();
            if answer["method"] == "Runtime.exceptionThrown" {
                self.faults.push(answer["params"].to_string());
            }
            if answer["id"] == self.asked {
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].clone();
            }
        }
    }

    /// The value of an expression in the page.
    pub fn says(&mut self, expression: &str) -> Value {
        let how = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.ask("Runtime.evaluate", how);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Fingers go down at the first points, along the others, and up.
    pub fn touch(&mut self, steps: &[&[(f64, f64)]]) {
        for (i, step) in steps.iter().enumerate() {
            let points: Vec<Value> =
                step.iter().enumerate().map(|(id, (x, y))| json!({ "x": x, "y": y, "id": id })).collect();
            let kind = if i == 0 { "touchStart" } else { "touchMove" };
            self.ask("Input.dispatchTouchEvent", json!({ "type": kind, "touchPoints": points }));
        }
        self.ask("Input.dispatchTouchEvent", json!({ "type": "touchEnd", "touchPoints": [] }));
        self.says("new Promise((done) => setTimeout(done, 400))");
    }

    /// Nothing went wrong in the page.
    pub fn ends(mut self) {
        self.says("0");
        assert!(self.faults.is_empty(), "{:?}", self.faults);
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        let _ = self.browser.kill();
        let _ = self.browser.wait();
    }
}
