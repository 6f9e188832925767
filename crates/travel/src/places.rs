//! Tables of places: code, latitude, longitude.

use crate::problem::{error, remedy, warning};
use crate::rows::{Rows, number};
use maillage_input::{Code, Place as At, Problems};
use std::collections::BTreeMap;
use std::path::Path;

/// A place to travel from or to.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacePoint {
    /// Its code.
    pub id: String,
    /// Degrees north, WGS84.
    pub lat: f64,
    /// Degrees east, WGS84.
    pub lon: f64,
}

/// Reads a CSV table of places: columns `id` (or `code`, `code_insee`, `code_commune`), `lat` and `lon`, in degrees of
/// WGS84. A place without coordinates is left out, with a warning.
///
/// # Errors
/// E1xx for the file; E301 to E305 for its columns, rows, numbers and codes, all of them; E308 when no place is left.
pub fn read_places(path: &Path) -> Result<(Vec<PlacePoint>, Problems), Problems> {
    let rows = Rows::open(path)?;
    let id = rows.column(&["id", "code", "code_insee", "code_commune"])?;
    let lat = rows.column(&["lat", "latitude"])?;
    let lon = rows.column(&["lon", "lng", "longitude"])?;
    let (mut places, mut problems) = (Vec::new(), Problems::new());
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    rows.each(|line, row| {
        let cell = |column: usize| row.get(column).unwrap_or_default();
        let at = |column: &str| At::cell(&rows.file, line, column);
        let code = cell(id);
        if code.is_empty() {
            let problem = error(Code::BadCode, "code vide", "empty code").at(at("id"));
            problems.push(remedy(problem, "donner un code à chaque lieu", "give each place a code"));
            return;
        }
        if let Some(before) = seen.insert(code.to_owned(), line) {
            let (fr, en) =
                (format!("code déjà vu ligne {before}"), format!("code already seen on line {before}"));
            let problem = error(Code::DuplicateCode, fr, en).at(at("id")).value(code);
            problems.push(remedy(problem, "garder une seule ligne par lieu", "keep one row for each place"));
            return;
        }
        if cell(lat).is_empty() || cell(lon).is_empty() {
            let (fr, en) = (
                format!("{code} n'a pas de coordonnées : aucun trajet"),
                format!("{code} has no coordinates: no trip"),
            );
            let problem = warning(Code::NoCoordinates, fr, en).at(at("lat"));
            problems.push(remedy(problem, "compléter lat et lon", "fill in lat and lon"));
            return;
        }
        let mut degrees = |column, name, most: f64| {
            let read = number(cell(column)).filter(|x| x.abs() <= most);
            if read.is_none() {
                let problem = error(Code::BadNumber, "coordonnée hors limites", "coordinate out of range");
                let problem = problem.at(at(name)).value(cell(column));
                problems.push(remedy(problem, "degrés WGS84 attendus", "WGS84 degrees expected"));
            }
            read
        };
        let (lat, lon) = (degrees(lat, "lat", 90.0), degrees(lon, "lon", 180.0));
        if let (Some(lat), Some(lon)) = (lat, lon) {
            places.push(PlacePoint { id: code.to_owned(), lat, lon });
        }
    })?;
    if places.is_empty() && !problems.has_errors() {
        let problem = error(Code::NoPlaces, "aucun lieu dans la table", "no place in the table");
        let problem = problem.at(At::file(&rows.file));
        problems.push(remedy(problem, "ajouter des lignes id,lat,lon", "add rows id,lat,lon"));
    }
    problems.or_value(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(Vec<PlacePoint>, Problems), Problems> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("p.csv");
        std::fs::write(&path, text).unwrap();
        read_places(&path)
    }

    #[test]
    fn names_and_delimiters_of_french_files() {
        let (places, problems) =
            read("CODE_INSEE;nom;lon;lat\n06012;Beausoleil;7,42;43,74\n06150;;;\n").unwrap();
        assert_eq!(places, [PlacePoint { id: "06012".into(), lat: 43.74, lon: 7.42 }]);
        assert_eq!(problems.iter().map(|p| p.code).collect::<Vec<_>>(), [Code::NoCoordinates]);
    }

    #[test]
    fn faults_are_all_said() {
        let codes = |text| read(text).unwrap_err().iter().map(|p| p.code).collect::<Vec<_>>();
        assert_eq!(
            codes("id,lat,lon\na,1,2\na,1,2\n,1,2\nb,91,2\nc,x,NaN\n"),
            [Code::DuplicateCode, Code::BadCode, Code::BadNumber, Code::BadNumber, Code::BadNumber]
        );
        assert_eq!(codes("id,lon\na,1\n"), [Code::MissingColumn]);
        assert_eq!(codes("id,lat,lon\na,1\n"), [Code::TableSyntax]);
        assert_eq!(codes("id,lat,lon\n"), [Code::NoPlaces]);
        assert_eq!(codes(""), [Code::FileEmpty]);
    }
}
