//! Files that analysts open in their own tools, made on demand from the same view as the page.
//!
//! Every file depends only on what was decided and on the language: equal plans give equal bytes. Rows are made once, as
//! tables of typed cells under documented columns, and written as layers, sheets, maps and notes.

mod chart;
mod comparison;
mod dictionary;
mod geometry;
mod gpkg;
mod map;
mod measure;
mod note;
mod odt;
mod places;
mod png;
mod qml;
mod sites;
mod summary;
mod table;
mod xlsx;

use crate::View;
use crate::figures::Figures;
use crate::words::Words;
use maillage_input::{Lang, Text};
use std::fmt;

/// The date that files carry: they depend on the plan alone.
const DATE: &str = "2000-01-01T00:00:00.000Z";

/// A kind of file made on demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Export {
    /// GeoPackage of places, sites and assignments, with styles of QGIS.
    Gpkg,
    /// Workbook.
    Xlsx,
    /// Note to be edited, an OpenDocument text.
    Note,
    /// Maps and charts, each as SVG and as PNG.
    Maps,
}

impl Export {
    /// Every kind.
    pub const ALL: [Export; 4] = [Export::Gpkg, Export::Xlsx, Export::Note, Export::Maps];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Export::Gpkg => "gpkg",
            Export::Xlsx => "xlsx",
            Export::Note => "note",
            Export::Maps => "maps",
        }
    }

    /// The kind that a file of a result folder is of, by its name.
    pub fn of_file(name: &str) -> Option<Export> {
        match name {
            _ if !EXPORT_FILES.contains(&name) => None,
            "plan.gpkg" => Some(Export::Gpkg),
            "plan.xlsx" => Some(Export::Xlsx),
            "note.odt" => Some(Export::Note),
            _ => Some(Export::Maps),
        }
    }
}

/// Every file that [`exports`] may give.
pub const EXPORT_FILES: [&str; 23] = [
    "plan.gpkg",
    "plan.xlsx",
    "note.odt",
    "map-attached-after.svg",
    "map-attached-after.png",
    "map-attached-before.svg",
    "map-attached-before.png",
    "map-attached-change.svg",
    "map-attached-change.png",
    "map-minutes-after.svg",
    "map-minutes-after.png",
    "map-minutes-before.svg",
    "map-minutes-before.png",
    "map-apl-after.svg",
    "map-apl-after.png",
    "map-apl-before.svg",
    "map-apl-before.png",
    "chart-people.svg",
    "chart-people.png",
    "chart-posts.svg",
    "chart-posts.png",
    "chart-money.svg",
    "chart-money.png",
];

/// Why a file could not be made: memory, or a limit of its format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmade(pub String);

impl fmt::Display for Unmade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unmade {}

impl From<rusqlite::Error> for Unmade {
    fn from(e: rusqlite::Error) -> Self {
        Unmade(e.to_string())
    }
}

impl From<rust_xlsxwriter::XlsxError> for Unmade {
    fn from(e: rust_xlsxwriter::XlsxError) -> Self {
        Unmade(e.to_string())
    }
}

/// The files of one kind for one scenario: names within its folder, and bytes. Maps without anything to draw are left
/// out.
///
/// # Errors
/// [`Unmade`].
pub fn exports(view: &View<'_>, lang: Lang, kind: Export) -> Result<Vec<(&'static str, Vec<u8>)>, Unmade> {
    let w = Words(lang);
    match kind {
        Export::Gpkg => {
            let mut file = gpkg::Gpkg::new(lang, false)?;
            file.add(view)?;
            Ok(vec![("plan.gpkg", file.finish()?)])
        }
        Export::Xlsx => {
            let mut book = xlsx::Xlsx::new(lang, w.title(&view.record.title));
            book.add(view);
            Ok(vec![("plan.xlsx", book.finish()?)])
        }
        Export::Note => {
            let places = places::places(view, &Figures::of(view));
            let sites = sites::sites(w, view);
            Ok(vec![("note.odt", note::note(view, lang, &places, &sites)?)])
        }
        Export::Maps => drawings(w, view),
    }
}

/// Width of a picture in pixels: that of an A4 page within its margins, at 300 dots an inch.
const PIXELS: u32 = 2000;

fn drawings(w: Words, view: &View<'_>) -> Result<Vec<(&'static str, Vec<u8>)>, Unmade> {
    let places = places::places(view, &Figures::of(view));
    let sites = sites::sites(w, view);
    let scene = map::Scene { w, view, places: &places, sites: &sites };
    let maps = measure::measures(&places)
        .into_iter()
        .filter_map(|m| Some((format!("map-{}", m.id), map::whole(&scene, &m)?)));
    let charts = chart::charts(w, view, &sites::posts(w, view, &sites), &sites::money(w, view));
    let painter = png::Painter::new();
    let mut files = Vec::new();
    for (name, svg) in maps.chain(charts.into_iter().map(|(name, svg)| (name.to_owned(), svg))) {
        let named = |ending: &str| {
            let name = format!("{name}.{ending}");
            EXPORT_FILES.into_iter().find(|known| *known == name)
        };
        if let Some((vector, pixels)) = named("svg").zip(named("png")) {
            files.push((pixels, painter.png(&svg, PIXELS)?));
            files.push((vector, svg.into_bytes()));
        }
    }
    Ok(files)
}

/// One GeoPackage and one workbook for all scenarios of a suite, filled one scenario after the other.
pub struct SuiteExports {
    gpkg: Option<gpkg::Gpkg>,
    xlsx: Option<xlsx::Xlsx>,
}

/// The files that [`SuiteExports::finish`] may give.
pub const SUITE_EXPORT_FILES: [&str; 2] = ["comparison.gpkg", "comparison.xlsx"];

impl SuiteExports {
    /// Those of the wanted kinds that a suite has: [`Export::Gpkg`] and [`Export::Xlsx`].
    ///
    /// # Errors
    /// [`Unmade`].
    pub fn new(wanted: &[Export], title: &str, lang: Lang) -> Result<Self, Unmade> {
        let has = |kind| wanted.contains(&kind);
        Ok(SuiteExports {
            gpkg: has(Export::Gpkg).then(|| gpkg::Gpkg::new(lang, true)).transpose()?,
            xlsx: has(Export::Xlsx).then(|| xlsx::Xlsx::new(lang, title)),
        })
    }

    /// Adds a scenario. What is drawn at once in QGIS is the first one added.
    ///
    /// # Errors
    /// [`Unmade`].
    pub fn add(&mut self, view: &View<'_>) -> Result<(), Unmade> {
        if let Some(file) = &mut self.gpkg {
            file.add(view)?;
        }
        if let Some(book) = &mut self.xlsx {
            book.add(view);
        }
        Ok(())
    }

    /// The files with their names; the tables of the comparison, given as CSV, come first in the workbook.
    ///
    /// # Errors
    /// [`Unmade`].
    pub fn finish(
        self,
        rows: &str,
        sites: &str,
        zones: &str,
    ) -> Result<Vec<(&'static str, Vec<u8>)>, Unmade> {
        let [gpkg, xlsx] = SUITE_EXPORT_FILES;
        let mut out = Vec::new();
        if let Some(file) = self.gpkg {
            out.push((gpkg, file.finish()?));
        }
        if let Some(mut book) = self.xlsx {
            book.add_comparison("comparison", Text::new("Comparaison", "Comparison"), rows);
            book.add_comparison("comparison-sites", Text::new("Communes choisies", "Chosen communes"), sites);
            book.add_comparison("comparison-zones", Text::new("Gains par zone", "Gains by zone"), zones);
            out.push((xlsx, book.finish()?));
        }
        Ok(out)
    }
}
