//! GeoPackage 1.3: layers of places, sites and assignments, plain tables of zones and of columns, styles of QGIS.

use super::Unmade;
use super::geometry::{self, Shape};
use super::measure::measures;
use super::places::{bodies, places};
use super::qml::{self, Form};
use super::sites;
use super::table::{Cell, Column, Kind, Table};
use super::{DATE, dictionary};
use crate::View;
use crate::figures::{Figures, drawn};
use crate::words::Words;
use maillage_input::Lang;
use rusqlite::{Connection, Result, ToSql, params, params_from_iter};
use std::collections::BTreeMap;

/// `GPKG`, and the version 1.3.
const APPLICATION: i64 = 0x4750_4B47;
const VERSION: i64 = 10_300;
/// Longitude and latitude in WGS84.
const WGS84: i64 = 4326;

const WGS84_WKT: &str = "GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563,AUTHORITY[\"EPSG\",\"7030\"]],AUTHORITY[\"EPSG\",\"6326\"]],PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],AXIS[\"Latitude\",NORTH],AXIS[\"Longitude\",EAST],AUTHORITY[\"EPSG\",\"4326\"]]";

const CORE: &str = "
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,
  styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')));
";

/// A layer or plain table of the file.
struct Layer {
    /// `None` for a plain table.
    geometry: Option<&'static str>,
    bounds: Option<[f64; 4]>,
    title: String,
}

/// A GeoPackage being written, in memory.
pub(super) struct Gpkg {
    db: Connection,
    w: Words,
    layers: BTreeMap<&'static str, Layer>,
    /// Whether several scenarios stand in each layer.
    several: bool,
    /// Columns of each table, for the dictionary.
    held: Vec<(String, Vec<Column>)>,
    /// The first scenario, and the columns that colour places.
    first: Option<(String, Vec<super::measure::Measure>)>,
}

impl Gpkg {
    pub(super) fn new(lang: Lang, several: bool) -> std::result::Result<Gpkg, Unmade> {
        let open = || -> Result<Connection> {
            let db = Connection::open_in_memory()?;
            db.pragma_update(None, "application_id", APPLICATION)?;
            db.pragma_update(None, "user_version", VERSION)?;
            db.execute_batch("BEGIN")?;
            db.execute_batch(CORE)?;
            let mut system = db.prepare("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)")?;
            let undefined = ["undefined Cartesian", "undefined geographic"];
            system.execute(params!["Undefined Cartesian SRS", -1, "NONE", -1, "undefined", undefined[0]])?;
            system.execute(params!["Undefined geographic SRS", 0, "NONE", 0, "undefined", undefined[1]])?;
            let degrees = "longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid";
            system.execute(params!["WGS 84 geodetic", WGS84, "EPSG", WGS84, WGS84_WKT, degrees])?;
            drop(system);
            Ok(db)
        };
        Ok(Gpkg {
            db: open()?,
            w: Words(lang),
            layers: BTreeMap::new(),
            several,
            held: Vec::new(),
            first: None,
        })
    }

    /// Adds the rows of a scenario.
    pub(super) fn add(&mut self, view: &View<'_>) -> std::result::Result<(), Unmade> {
        let figures = Figures::of(view);
        let all = places(view, &figures);
        if self.first.is_none() {
            self.first = Some((view.record.scenario.clone(), measures(&all)));
        }
        let shapes: Vec<Shape<'_>> = view
            .territory
            .places
            .iter()
            .zip(&view.territory.contours)
            .map(|(place, contour)| contour.as_ref().map_or(Shape::point(place.point), Shape::Areas))
            .collect();
        // Areas and points do not share a layer: QGIS would show neither at once.
        let with = |wanted: fn(&Shape<'_>) -> bool| {
            let rows = all.rows.iter().zip(&shapes).filter(|(_, s)| wanted(s));
            let (rows, shapes) = rows.map(|(row, shape)| (row.clone(), *shape)).unzip();
            (Table { rows, ..all.clone() }, shapes)
        };
        let (areas, area_shapes): (_, Vec<Shape<'_>>) = with(|s| matches!(s, Shape::Areas(_)));
        let (points, point_shapes): (_, Vec<Shape<'_>>) = with(|s| !matches!(s, Shape::Areas(_)));
        self.layer("places", "MULTIPOLYGON", &areas, &area_shapes)?;
        if !points.rows.is_empty() {
            self.layer("places_points", "POINT", &points, &point_shapes)?;
        }
        let sites = sites::sites(self.w, view);
        let point = |code: &maillage_territory::PlaceId| {
            view.territory.ix(code).and_then(|ix| view.territory.place(ix).point)
        };
        let at: BTreeMap<_, _> = sites.iter().map(|s| (&s.id, point(&s.code))).collect();
        let shapes: Vec<Shape<'_>> = sites.iter().map(|s| Shape::point(point(&s.code))).collect();
        self.layer("sites", "POINT", &sites::table(view, &sites), &shapes)?;
        let rows: Vec<_> = drawn(view).collect();
        let line = |r: &&maillage_programme::AssignmentRow| {
            Shape::line(point(&r.from_id), at.get(&r.site_id).copied().flatten())
        };
        let shapes: Vec<Shape<'_>> = rows.iter().map(line).collect();
        self.layer("assignments", "LINESTRING", &sites::assignments(view, &rows), &shapes)?;
        self.insert("zones", None, &bodies(view), &[])
    }

    fn layer(
        &mut self,
        name: &'static str,
        geometry: &'static str,
        table: &Table,
        shapes: &[Shape<'_>],
    ) -> std::result::Result<(), Unmade> {
        self.insert(name, Some(geometry), table, shapes)
    }

    fn insert(
        &mut self,
        name: &'static str,
        geometry: Option<&'static str>,
        table: &Table,
        shapes: &[Shape<'_>],
    ) -> std::result::Result<(), Unmade> {
        if !self.layers.contains_key(name) {
            let title = self.w.title(&table.title).to_owned();
            self.layers.insert(name, Layer { geometry, bounds: None, title });
            self.held.push((name.to_owned(), table.columns.clone()));
            self.db.execute_batch(&create(name, geometry, table))?;
        }
        let holes = vec!["?"; table.columns.len() + usize::from(geometry.is_some())].join(", ");
        let mut row = self.db.prepare(&format!("INSERT INTO \"{name}\" VALUES (NULL, {holes})"))?;
        let mut bounds = self.layers.get(name).and_then(|l| l.bounds);
        for (i, cells) in table.rows.iter().enumerate() {
            let shape = geometry.map(|_| shapes.get(i).copied().unwrap_or(Shape::None));
            let blob = shape.map(|s| geometry::blob(&s, WGS84)).transpose()?;
            if let Some(shape) = &shape {
                bounds = geometry::joined(bounds, shape.bounds());
            }
            let values = blob.map(Value::Blob).into_iter();
            row.execute(params_from_iter(values.chain(cells.iter().map(Value::Cell))))?;
        }
        drop(row);
        if let Some(layer) = self.layers.get_mut(name) {
            layer.bounds = bounds;
        }
        Ok(())
    }

    /// The file.
    pub(super) fn finish(mut self) -> std::result::Result<Vec<u8>, Unmade> {
        let dictionary = dictionary::table(self.w, &self.held);
        self.insert("dictionary", None, &dictionary, &[])?;
        self.list()?;
        self.styles()?;
        self.db.execute_batch("COMMIT")?;
        // Joins what was written in turns, and takes out what was not used.
        self.db.execute_batch("VACUUM")?;
        Ok(self.db.serialize("main")?.to_vec())
    }

    fn list(&self) -> Result<()> {
        let mut contents =
            self.db.prepare("INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
        let mut columns =
            self.db.prepare("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)")?;
        for (name, layer) in &self.layers {
            let kind = if layer.geometry.is_some() { "features" } else { "attributes" };
            let [west, south, east, north] = layer.bounds.map_or([None; 4], |b| b.map(Some));
            let system = layer.geometry.map(|_| WGS84);
            contents.execute(params![
                name,
                kind,
                name,
                layer.title,
                DATE,
                west,
                south,
                east,
                north,
                system
            ])?;
            if let Some(geometry) = layer.geometry {
                columns.execute(params![name, geometry, WGS84])?;
            }
        }
        let styles = "layer_styles";
        let none: Option<f64> = None;
        contents.execute(params![styles, "attributes", styles, "", DATE, none, none, none, none, none])?;
        Ok(())
    }

    fn styles(&self) -> Result<()> {
        let Some((scenario, measures)) = &self.first else { return Ok(()) };
        let one = Some(scenario.as_str()).filter(|_| self.several);
        let mut out = self.db.prepare(
            "INSERT INTO layer_styles VALUES (NULL, '', '', ?, 'geom', ?, ?, '', ?, ?, 'maillage', NULL, ?)",
        )?;
        let mut put = |layer: &str, name: &str, qml: String, default: bool| {
            out.execute(params![layer, name, qml, default, name, DATE]).map(drop)
        };
        for (layer, form) in [("places", Form::Areas), ("places_points", Form::Points)] {
            for (i, measure) in measures.iter().enumerate().filter(|_| self.layers.contains_key(layer)) {
                let name = self.w.t(&measure.label.fr, &measure.label.en);
                put(layer, &name, qml::graduated(self.w, measure, form, one), i == 0)?;
            }
        }
        put("sites", &self.w.t("Décision du plan", "Decision of the plan"), qml::sites(self.w, one), true)?;
        put("assignments", &self.w.t("Rattachements", "Assignments"), qml::assignments(self.w, one), true)
    }
}

fn create(name: &str, geometry: Option<&str>, table: &Table) -> String {
    let mut columns = vec!["\"fid\" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL".to_owned()];
    columns.extend(geometry.map(|kind| format!("\"geom\" {kind}")));
    columns.extend(table.columns.iter().map(|c| {
        let kind = match c.kind {
            Kind::Text => "TEXT",
            Kind::Year | Kind::Count | Kind::Euros => "INTEGER",
            Kind::Posts | Kind::Minutes | Kind::Percent | Kind::Ratio => "REAL",
        };
        format!("\"{}\" {kind}", c.name)
    }));
    format!("CREATE TABLE \"{name}\" ({})", columns.join(", "))
}

enum Value<'a> {
    Blob(Option<Vec<u8>>),
    Cell(&'a Cell),
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> Result<rusqlite::types::ToSqlOutput<'_>> {
        match self {
            Value::Blob(blob) => blob.to_sql(),
            Value::Cell(Cell::Empty) => rusqlite::types::Null.to_sql(),
            Value::Cell(Cell::Text(text)) => text.to_sql(),
            Value::Cell(Cell::Word(word)) => word.to_sql(),
            Value::Cell(Cell::Whole(n)) => n.to_sql(),
            Value::Cell(Cell::Exact(h)) if h.0 % 100 == 0 => Ok((h.0 / 100).into()),
            Value::Cell(Cell::Exact(h)) => Ok(h.to_f64().into()),
        }
    }
}
