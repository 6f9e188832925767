"""Territories and times from frames."""

import geopandas
import maillage
import numpy as np
import pandas as pd
import pyarrow
import pytest

SUPPLY = {"supply": "counted", "supply_source": "INSEE"}


def territory(places, folder, **more):
    return maillage.Territory.from_frames(places, name="t", geography_year=2026, folder=folder, **{**SUPPLY, **more})


def test_a_frame_is_the_territory_that_is_shipped(communes, roannais, siting, tmp_path):
    shipped = maillage.solve(siting)
    for places in (communes, communes.convert_dtypes()):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        made = maillage.solve({**siting, "territory": territory(places, folder, max_min=45)})
        assert made.objective == shipped.objective
        assert list(made.sites["code_commune"]) == list(shipped.sites["code_commune"])


def test_points_and_polygons_in_any_coordinate_system(communes, tmp_path):
    points = geopandas.GeoDataFrame(
        communes.drop(columns=["lon", "lat"]),
        geometry=geopandas.points_from_xy(communes["lon"], communes["lat"]),
        crs="EPSG:4326",
    ).to_crs("EPSG:2154")
    plain = territory(communes, tmp_path / "plain").read()
    assert territory(points, tmp_path / "points").read()["pairs"] == plain["pairs"]
    squares = points.set_geometry(points.geometry.buffer(500, cap_style="square"))
    read = territory(squares, tmp_path / "squares")
    assert read.read()["places"] == plain["places"] and (tmp_path / "squares" / "contours.gpkg").exists()
    with pytest.raises(maillage.MaillageError, match="coordinate system"):
        territory(points.set_crs(None, allow_override=True), tmp_path / "unknown")


def test_codes_that_lost_their_zero_are_refused(communes, tmp_path):
    communes["code_commune"] = communes["code_commune"].astype(int)
    with pytest.raises(maillage.MaillageError) as raised:
        territory(communes, tmp_path / "t").read()
    assert raised.value.problems[0].pointer == "code_commune"


def test_a_folder_is_not_written_over(communes, tmp_path):
    territory(communes, tmp_path / "t")
    with pytest.raises(maillage.MaillageError) as raised:
        territory(communes, tmp_path / "t")
    assert raised.value.code == "E108"
    territory(communes, tmp_path / "t", overwrite=True)


def test_times_cross_both_ways(communes, tmp_path):
    codes = communes["code_commune"].tolist()[:3]
    table = pd.DataFrame(
        {
            "from_id": [codes[0], codes[0], codes[1], codes[2]],
            "to_id": [codes[1], codes[2], codes[0], codes[0]],
            "minutes": [10.5, np.nan, 11.256, 0.0],
        }
    )
    times = maillage.Times.of(table)
    assert len(times) == 3, "a pair without a time is left out"
    times.write(tmp_path / "times.mtt")
    back = maillage.Times.load(tmp_path / "times.mtt").frame.astype({"from_id": str, "to_id": str})
    assert sorted(back.itertuples(index=False, name=None)) == sorted(
        [(codes[0], codes[1], 10.5), (codes[1], codes[0], 11.26), (codes[2], codes[0], 0.0)]
    )
    read = territory(communes.head(3), tmp_path / "t", travel=times, max_min=30)
    with pytest.warns(maillage.MaillageWarning):
        # Each place is in its own list too.
        assert read.read()["pairs"] == 3 + 3
    matrix = times.matrix()
    assert matrix.shape == (len(times.from_codes), len(times.to_codes)) and np.isfinite(matrix).sum() == 3


def test_tables_cross_by_arrow(communes, tmp_path):
    table = pyarrow.Table.from_pandas(communes, preserve_index=False)
    plain = territory(communes, tmp_path / "plain").read()
    assert territory(table, tmp_path / "arrow").read()["pairs"] == plain["pairs"]
