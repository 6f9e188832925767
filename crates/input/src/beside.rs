//! Files written whole or not at all: what runs leave beside them when they are killed, and how they take turns.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Writes a file under another name, then gives it its own: whoever looks sees what was there, or all that `fill` wrote.
///
/// # Errors
/// When the folder cannot be written, the disk is full, or `fill` fails; what was there stays then.
pub fn write_whole<T>(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<T>) -> io::Result<T> {
    let name = path.file_name().ok_or_else(|| io::Error::other("not a file name"))?.to_string_lossy();
    let fresh = unfinished(folder_of(path), &name, "new");
    let written = (|| {
        let mut file = File::create(&fresh)?;
        let made = fill(&mut file)?;
        file.sync_all()?;
        fs::rename(&fresh, path)?;
        Ok(made)
    })();
    if written.is_err() {
        // What could not be moved is of no use; the first error says why.
        let _ = fs::remove_file(&fresh);
    }
    written
}

/// The name in `dir` of what this run has not finished of `name`: `kind` is `new`, `old` (moved aside), `probe` or `run`.
pub fn unfinished(dir: &Path, name: &str, kind: &str) -> PathBuf {
    dir.join(format!(".{name}.{kind}-{}", std::process::id()))
}

/// The folder that a path stands in.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Puts right what killed runs left beside `name` in `dir`: an earlier result moved aside comes back, unfinished ones go. Runs
/// that are still alive are left alone.
///
/// # Errors
/// When the folder cannot be read or written.
pub fn tidy(dir: &Path, name: &str) -> io::Result<()> {
    put_right(dir, &|left| left == name)
}

/// The same for every folder and file in `dir`.
///
/// # Errors
/// As [`tidy`].
pub fn tidy_all(dir: &Path) -> io::Result<()> {
    put_right(dir, &|_| true)
}

/// Held while folders are swapped or put right in `dir`, so that two runs do not do it at once. `None` where the system has no
/// such locks: a run is alone then, or fails.
pub fn turn(dir: &Path) -> Option<File> {
    let dir = File::open(dir).ok()?;
    dir.lock().ok()?;
    Some(dir)
}

fn put_right(dir: &Path, ours: &dyn Fn(&str) -> bool) -> io::Result<()> {
    let _turn = turn(dir);
    for entry in fs::read_dir(dir)?.flatten() {
        let file = entry.file_name();
        let Some((name, kind, pid)) = file.to_str().and_then(left_behind).filter(|(name, ..)| ours(name))
        else {
            continue;
        };
        if alive(pid) {
            continue;
        }
        let (left, target) = (entry.path(), dir.join(name));
        match kind {
            "old" if !target.exists() => fs::rename(left, target)?,
            _ if left.is_dir() => fs::remove_dir_all(left)?,
            _ => fs::remove_file(left)?,
        }
    }
    Ok(())
}

/// Name, kind and process of `.NAME.KIND-PID`, which a run gives to what it has not finished.
fn left_behind(file: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = file.strip_prefix('.')?.rsplit_once('.')?;
    let (kind, pid) = rest.split_once('-')?;
    (["old", "new", "probe", "run"].contains(&kind) && pid.parse::<u32>().is_ok())
        .then_some((name, kind, pid))
}

/// Whether a process runs, or may: a system that does not tell gets the benefit of the doubt. One that was killed and whose parent
/// does not ask for it stays in the table as `Z`.
fn alive(pid: &str) -> bool {
    if !Path::new("/proc/self").exists() {
        return true;
    }
    match fs::read_to_string(Path::new("/proc").join(pid).join("stat")) {
        Ok(stat) => !stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with(['Z', 'X'])),
        Err(e) => e.kind() != io::ErrorKind::NotFound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    /// No process has this number: they end below 2^22.
    const NOBODY: &str = "4194305";

    #[test]
    fn what_killed_runs_left_is_put_right() {
        let root = tempfile::tempdir().unwrap();
        for (kind, text) in [("old", "earlier"), ("new", "torn")] {
            let left = root.path().join(format!(".r.{kind}-{NOBODY}"));
            fs::create_dir(&left).unwrap();
            fs::write(left.join("result.json"), text).unwrap();
        }
        fs::write(root.path().join(format!(".suite.run-{NOBODY}")), "began a\n").unwrap();
        let living = root.path().join(format!(".r.new-{}", std::process::id()));
        fs::create_dir(&living).unwrap();
        if Path::new("/proc/self").exists() {
            tidy(root.path(), "r").unwrap();
            assert_eq!(fs::read_to_string(root.path().join("r/result.json")).unwrap(), "earlier");
            assert_eq!(fs::read_dir(root.path()).unwrap().count(), 3, "the suite is not asked about");
            tidy_all(root.path()).unwrap();
            assert!(living.exists() && fs::read_dir(root.path()).unwrap().count() == 2);
        }
    }

    #[test]
    fn a_file_is_written_whole_or_not_at_all() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a.csv");
        let write = |text: &str, fails: bool| {
            write_whole(&path, |file| {
                file.write_all(text.as_bytes())?;
                if fails { Err(io::Error::other("full")) } else { Ok(text.len()) }
            })
        };
        assert_eq!(write("one", false).unwrap(), 3);
        assert!(write("torn", true).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        assert_eq!(write("three", false).unwrap(), 5);
        assert_eq!(fs::read_to_string(&path).unwrap(), "three");
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1, "nothing is left beside it");
        assert!(write_whole(&root.path().join("absent/a.csv"), |_| Ok(())).is_err());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_dead_that_nobody_buried_are_dead() {
        assert!(alive(&std::process::id().to_string()) && !alive(NOBODY));
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let pid = child.id().to_string();
        let state = || fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        while !state().contains(") Z ") {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        assert!(!alive(&pid));
        child.wait().unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn turns_are_taken() {
        let root = tempfile::tempdir().unwrap();
        let held = turn(root.path()).unwrap();
        let other = fs::File::open(root.path()).unwrap();
        assert!(other.try_lock().is_err());
        drop(held);
        other.try_lock().unwrap();
    }
}
