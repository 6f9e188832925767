//! Whether a page is well formed: every element closed in order, every attribute quoted.

/// Elements without content.
const VOID: [&str; 5] = ["meta", "link", "br", "input", "img"];

/// The first fault of a page, if any. Also counts elements by name through `seen`.
pub fn fault(page: &str, seen: &mut Vec<String>) -> Option<String> {
    let mut open: Vec<String> = Vec::new();
    let mut rest = page.strip_prefix("<!doctype html>")?;
    while let Some(at) = rest.find('<') {
        if rest[..at].contains('>') && !matches!(open.last().map(String::as_str), Some("script" | "style")) {
            return Some(format!("stray > in {:?}", &rest[..at]));
        }
        rest = &rest[at + 1..];
        if let Some(close) = rest.strip_prefix('/') {
            let end = close.find('>')?;
            match open.pop() {
                Some(name) if name == close[..end] => {}
                other => return Some(format!("</{}> closes {other:?}", &close[..end])),
            }
            rest = &close[end + 1..];
            continue;
        }
        let name_end = rest.find(|c: char| !c.is_ascii_alphanumeric())?;
        let name = rest[..name_end].to_owned();
        if name.is_empty() {
            return Some(format!("stray < before {:?}", &rest[..rest.len().min(40)]));
        }
        rest = &rest[name_end..];
        let alone = loop {
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix("/>") {
                rest = after;
                break true;
            }
            if let Some(after) = rest.strip_prefix('>') {
                rest = after;
                break false;
            }
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))?;
            if end == 0 {
                return Some(format!("bad attribute of {name}: {:?}", &rest[..rest.len().min(40)]));
            }
            rest = &rest[end..];
            if let Some(value) = rest.strip_prefix("=\"") {
                rest = &value[value.find('"')? + 1..];
            }
        };
        seen.push(name.clone());
        if alone || VOID.contains(&name.as_str()) {
            continue;
        }
        if matches!(name.as_str(), "script" | "style") {
            let end = rest.find(&format!("</{name}>"))?;
            rest = &rest[end..];
        }
        open.push(name);
    }
    (!open.is_empty()).then(|| format!("left open: {open:?}"))
}
