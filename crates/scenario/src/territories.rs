//! Territories that many scenarios share, read once.

use maillage_input::Problems;
use maillage_territory::Territory;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A territory and its warnings, or all that is wrong with it.
type Read = Result<(Arc<Territory>, Problems), Problems>;

/// Most territories kept at once: scenarios of one suite that follow each other rarely change territory.
const MOST: usize = 4;

/// Territories by the path they were read from, the latest used last. What was read stands for as long as this lives, even if a
/// file changes: the scenarios of one run see one state of the world, and results name it by its hashes.
#[derive(Debug, Default)]
pub struct Territories {
    kept: Mutex<Vec<(PathBuf, Arc<OnceLock<Read>>)>>,
}

impl Territories {
    /// The territory of a file, read if it is not known yet; others wait for the first who asks.
    ///
    /// # Errors
    /// As [`Territory::read`], every time it is asked for.
    pub(crate) fn read(&self, path: &Path) -> Read {
        let cell = {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            let known = kept.iter().position(|(p, _)| p == path).map(|i| kept.remove(i));
            let entry = known.unwrap_or_else(|| (path.to_owned(), Arc::default()));
            let cell = Arc::clone(&entry.1);
            if kept.len() >= MOST {
                kept.remove(0);
            }
            kept.push(entry);
            cell
        };
        cell.get_or_init(|| Territory::read(path).map(|(t, warnings)| (Arc::new(t), warnings))).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_territory_is_read_once_and_few_are_kept() {
        let roannais = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/roannais/territory.json");
        let known = Territories::default();
        let (first, _) = known.read(&roannais).unwrap();
        let (again, _) = known.read(&roannais).unwrap();
        assert!(Arc::ptr_eq(&first, &again));
        for i in 0..MOST {
            assert!(known.read(Path::new(&format!("absent-{i}.json"))).is_err());
        }
        let (later, _) = known.read(&roannais).unwrap();
        assert!(!Arc::ptr_eq(&first, &later), "it was the oldest of more than are kept");
        assert_eq!(known.kept.lock().unwrap().len(), MOST);
    }
}
