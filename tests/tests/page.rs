//! The page in a real headless browser: it draws, its controls work, and nothing goes wrong on the console.
//! Skipped, and said so, where no Chromium is installed.

#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

use maillage_tests::{maillage, roannais, skip};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::tempdir;

/// Drives the page as a reader would, then leaves what happened in the body's `data-` attributes.
const DRIVE: &str = r#"<script>
addEventListener("load", () => {
  const say = (k, v) => document.body.setAttribute("data-" + k, v);
  const shade = document.getElementById("shade"), svg = document.getElementById("map");
  const fills = () => [...svg.querySelectorAll(".c")].map((c) => c.getAttribute("class")).join("|");
  const legend = () => document.querySelector("[data-for]:not([hidden]) h3").textContent;
  const seen = new Set(), legends = new Set();
  for (const option of shade.options) {
    shade.value = option.value;
    shade.dispatchEvent(new Event("change"));
    seen.add(fills());
    legends.add(legend());
  }
  say("options", shade.options.length);
  say("colourings", seen.size);
  say("legends", legends.size);
  const view = () => svg.getAttribute("viewBox").split(" ").map(Number)[2];
  const before = view();
  document.querySelector("[data-z=in]").click();
  say("zoomed", view() < before);
  document.querySelector("[data-z=home]").click();
  say("home", view() === before);
  const find = document.getElementById("find");
  find.value = "Roanne";
  find.dispatchEvent(new Event("input", { bubbles: true }));
  find.dispatchEvent(new Event("change", { bubbles: true }));
  say("found", document.getElementById("panel").textContent.includes("Roanne"));
  say("wide", document.documentElement.scrollWidth > innerWidth);
});
</script></body>"#;

fn chromium() -> Option<&'static str> {
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
        let version =
            Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        version.is_ok_and(|s| s.success())
    })
}

/// The page after its scripts ran, and the console.
fn browse(browser: &str, page: &Path, width: u32) -> (String, String) {
    let profile = tempdir().unwrap();
    let ran = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--enable-logging=stderr", "--virtual-time-budget=5000", "--dump-dom"])
        .arg(format!("--window-size={width},900"))
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}", page.display()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (text(ran.stdout), text(ran.stderr))
}

#[test]
fn the_page_works_in_a_browser() {
    let Some(browser) = chromium() else {
        skip("no Chromium");
        return;
    };
    let dir = tempdir().unwrap();
    // With the number of colourings: before, after and difference only where there is a before.
    for (scenario, lang, colourings) in
        [("three-sites", "fr", "7"), ("three-sites", "en", "7"), ("p-median", "fr", "1")]
    {
        let out = dir.path().join(format!("{scenario}-{lang}"));
        let file = roannais().join(format!("{scenario}.json"));
        let ran = maillage(&[
            "solve",
            &file.to_string_lossy(),
            "-o",
            &out.to_string_lossy(),
            "--lang",
            lang,
            "--quiet",
        ]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let html = fs::read_to_string(out.join("report.html")).unwrap();
        assert!(html.len() < 3_000_000, "{} bytes", html.len());
        assert_eq!(html.matches("</body>").count(), 1);
        let driven = out.join("driven.html");
        fs::write(&driven, html.replace("</body>", DRIVE)).unwrap();
        for width in [1280, 500] {
            let (page, console) = browse(browser, &driven, width);
            let what = format!("{scenario} {lang} {width}");
            let said = |key: &str| {
                let from = page
                    .split_once(&format!("data-{key}=\""))
                    .unwrap_or_else(|| panic!("{what}: {key}: {console}"));
                from.1.split('"').next().unwrap().to_owned()
            };
            for (key, value) in [
                ("options", colourings),
                ("legends", colourings),
                ("colourings", colourings),
                ("zoomed", "true"),
                ("home", "true"),
                ("found", "true"),
                ("wide", "false"),
            ] {
                assert_eq!(said(key), value, "{what}: {key}");
            }
            assert!(!console.contains(":CONSOLE"), "{what}: {console}");
            assert!(page.matches("class=\"c").count() >= 113, "{what}: the communes are drawn");
        }
    }
}
