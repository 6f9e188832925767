//! The book and the other pages: every `console` block is run, in order, and prints what the page says; every link leads to a
//! file and an anchor that exist; every page is in the summary.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that panics fails")]

use maillage_tests::{maillage_in, root};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};
use tempfile::tempdir;

/// What a page holds.
#[derive(Default)]
struct Page {
    links: Vec<String>,
    anchors: BTreeSet<String>,
    /// Words after the fence, and the text.
    blocks: Vec<(String, String)>,
    title: bool,
}

impl Page {
    fn read(path: &Path) -> Page {
        let text = fs::read_to_string(path).unwrap();
        let (mut page, mut heading, mut block) = (Page::default(), None::<String>, None::<(String, String)>);
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    page.title |= level == HeadingLevel::H1;
                    heading = Some(String::new());
                }
                Event::End(TagEnd::Heading(_)) => page.anchor(&heading.take().unwrap()),
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(words))) => {
                    block = Some((words.to_string(), String::new()));
                }
                Event::End(TagEnd::CodeBlock) => page.blocks.extend(block.take()),
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push(dest_url.to_string());
                }
                Event::Text(text) | Event::Code(text) => {
                    let open = heading.as_mut().or(block.as_mut().map(|b| &mut b.1));
                    open.into_iter().for_each(|o| o.push_str(&text));
                }
                _ => {}
            }
        }
        page
    }

    /// As readers of Markdown make anchors: letters and digits in lower case, dashes for spaces, a number for repetitions.
    fn anchor(&mut self, heading: &str) {
        let kept = heading.to_lowercase();
        let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        let name: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
        let mut free = name.clone();
        let mut again = 0;
        while !self.anchors.insert(free.clone()) {
            again += 1;
            free = format!("{name}-{again}");
        }
    }
}

/// Markdown files in a folder and those below it, by path from the top folder.
fn markdown(folder: &str, found: &mut Vec<PathBuf>) {
    let mut inside: Vec<PathBuf> =
        fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    inside.sort();
    for path in inside {
        let shown = path.strip_prefix(root()).unwrap().to_owned();
        if path.is_dir() && !path.is_symlink() {
            markdown(shown.to_str().unwrap(), found);
        } else if path.extension().is_some_and(|e| e == "md") {
            found.push(shown);
        }
    }
}

/// `a/../b` as `b`.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        if part == Component::ParentDir {
            out.pop();
        } else {
            out.push(part);
        }
    }
    out
}

#[test]
fn links_lead_somewhere() {
    let mut files: Vec<PathBuf> =
        ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(PathBuf::from).into();
    for folder in ["docs", "scenarios", "benches"] {
        markdown(folder, &mut files);
    }
    let pages: BTreeMap<PathBuf, Page> =
        files.iter().map(|f| (f.clone(), Page::read(&root().join(f)))).collect();
    let mut dead = Vec::new();
    for (file, page) in &pages {
        for link in page.links.iter().filter(|l| !l.contains("://") && !l.starts_with("mailto:")) {
            let (path, anchor) = link.split_once('#').map_or((link.as_str(), None), |(p, a)| (p, Some(a)));
            let target =
                if path.is_empty() { file.clone() } else { plain(&file.parent().unwrap().join(path)) };
            let anchored = |page: &Page| anchor.is_none_or(|a| page.anchors.contains(a));
            if !root().join(&target).exists() || pages.get(&target).is_some_and(|page| !anchored(page)) {
                dead.push(format!("{}: {link}", file.display()));
            }
            // The book holds what is in `docs` only.
            if file.starts_with("docs") && !target.starts_with("docs") {
                dead.push(format!("{}: {link} leaves the book", file.display()));
            }
        }
    }
    assert!(dead.is_empty(), "dead links:\n{}", dead.join("\n"));
    assert!(pages.values().map(|p| p.links.len()).sum::<usize>() > 50, "links were found");
}

#[test]
fn the_summary_names_every_page() {
    let summary: BTreeSet<PathBuf> = Page::read(&root().join("docs/SUMMARY.md"))
        .links
        .iter()
        .map(|link| Path::new("docs").join(link))
        .collect();
    let mut pages = Vec::new();
    markdown("docs", &mut pages);
    pages.retain(|p| p != Path::new("docs/SUMMARY.md"));
    assert_eq!(pages.iter().cloned().collect::<BTreeSet<_>>(), summary);
    for page in pages {
        assert!(Page::read(&root().join(&page)).title, "{} has no title", page.display());
    }
}

/// Whether lines are those of a page, where `...` stands for any number of lines.
fn same(told: &[&str], printed: &[&str]) -> bool {
    match (told.split_first(), printed.split_first()) {
        (None, None) => true,
        (Some((&"...", rest)), _) => (0..=printed.len()).any(|skip| same(rest, &printed[skip..])),
        (Some((told, rest)), Some((printed, after))) => {
            told.trim_end() == printed.trim_end() && same(rest, after)
        }
        _ => false,
    }
}

/// Runs the blocks of a page in a folder of their own, with the scenarios in it. The number of commands.
fn run(page: &Path) -> usize {
    let dir = tempdir().unwrap();
    std::os::unix::fs::symlink(root().join("scenarios"), dir.path().join("scenarios")).unwrap();
    fs::create_dir(dir.path().join("out")).unwrap();
    let mut commands = 0;
    for (words, text) in Page::read(&root().join(page)).blocks {
        if let Some(file) = words.split_whitespace().find_map(|w| w.strip_prefix("file=")) {
            let file = dir.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, &text).unwrap();
        }
        if words != "console" {
            continue;
        }
        for part in text.split("$ maillage ").skip(1) {
            let (command, told) = part.split_once('\n').unwrap();
            let ran = maillage_in(dir.path(), &command.split_whitespace().collect::<Vec<_>>());
            let printed = format!("{}{}", ran.out, ran.err);
            let (told, lines) = (told.lines().collect::<Vec<_>>(), printed.lines().collect::<Vec<_>>());
            assert!(same(&told, &lines), "{}: maillage {command}\n{printed}", page.display());
            commands += 1;
        }
        assert_eq!(
            text.matches("\n$ ").count() + 1,
            text.split("$ maillage ").count() - 1,
            "only maillage is run"
        );
    }
    commands
}

#[test]
fn commands_print_what_pages_say() {
    let mut pages = Vec::new();
    markdown("docs", &mut pages);
    let commands: usize = pages.iter().map(|page| run(page)).sum();
    assert!(commands > 12, "{commands} commands were run");
}

#[test]
fn dots_stand_for_lines() {
    let printed = ["a", "b", "c"];
    for told in [&["a", "b", "c"][..], &["..."], &["a", "..."], &["...", "c"], &["a", "...", "b", "c"]] {
        assert!(same(told, &printed), "{told:?}");
    }
    for told in [&["a", "b"][..], &["...", "b"], &["a", "...", "d"], &[]] {
        assert!(!same(told, &printed), "{told:?}");
    }
}
