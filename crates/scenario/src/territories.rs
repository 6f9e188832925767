//! Territories that many scenarios share, read once.

use maillage_input::Problems;
use maillage_territory::Territory;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A territory and its warnings, or all that is wrong with it.
type Read = Result<(Arc<Territory>, Problems), Problems>;

/// Most territories kept at once: scenarios of one suite that follow each other rarely change territory.
const MOST: usize = 4;

/// A file, and the percent at which its travel times are taken.
type Key = (PathBuf, u16);

/// Territories by the path they were read from and the percent of their times, the latest used last. What was read stands for as long as this lives, even if a
/// file changes: the scenarios of one run see one state of the world, and results name it by its hashes.
#[derive(Debug, Default)]
pub struct Territories {
    kept: Mutex<Vec<(Key, Arc<OnceLock<Read>>)>>,
}

impl Territories {
    /// The territory of a file with its travel times at so many percent, read if it is not known yet; others wait for the first
    /// who asks.
    ///
    /// # Errors
    /// As [`Territory::read`], every time it is asked for.
    pub(crate) fn read(&self, path: &Path, percent: u16) -> Read {
        let cell = {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            let known =
                kept.iter().position(|((p, at), _)| p == path && *at == percent).map(|i| kept.remove(i));
            let entry = known.unwrap_or_else(|| ((path.to_owned(), percent), Arc::default()));
            let cell = Arc::clone(&entry.1);
            if kept.len() >= MOST {
                kept.remove(0);
            }
            kept.push(entry);
            cell
        };
        let read = || {
            if percent == 100 {
                return Territory::read(path).map(|(t, warnings)| (Arc::new(t), warnings));
            }
            let (plain, warnings) = self.read(path, 100)?;
            let mut changed = Territory::clone(&plain);
            changed.travel = plain.travel.at_percent(percent);
            Ok((Arc::new(changed), warnings))
        };
        cell.get_or_init(read).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_territory_is_read_once_and_few_are_kept() {
        let roannais = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/roannais/territory.json");
        let known = Territories::default();
        let (first, _) = known.read(&roannais, 100).unwrap();
        let (again, _) = known.read(&roannais, 100).unwrap();
        assert!(Arc::ptr_eq(&first, &again));
        let (slow, _) = known.read(&roannais, 120).unwrap();
        assert_eq!(slow.travel.max().hundredths(), first.travel.max().hundredths() * 6 / 5);
        for i in 0..MOST {
            assert!(known.read(Path::new(&format!("absent-{i}.json")), 100).is_err());
        }
        let (later, _) = known.read(&roannais, 100).unwrap();
        assert!(!Arc::ptr_eq(&first, &later), "it was the oldest of more than are kept");
        assert_eq!(known.kept.lock().unwrap().len(), MOST);
    }
}
