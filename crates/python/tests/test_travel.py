"""Tables of times: by road from an extract, from another engine, and the proxy fitted on them."""

import json

import maillage
import numpy as np
import pandas as pd
import pytest

#: Six communes in and around Monaco.
PLACES = pd.DataFrame(
    {
        "id": ["99138", "06012", "06032", "06035", "06121"],
        "lat": [43.7384, 43.7433, 43.7425, 43.7281, 43.7261],
        "lon": [7.4246, 7.4190, 7.4075, 7.3617, 7.4141],
    }
)


def test_an_extract_to_times_in_every_format(shared, tmp_path):
    extract = shared("data/osm/monaco.osm.pbf")
    times = maillage.travel(extract, PLACES, far_m=5_000, output=tmp_path / "times.csv")
    frame = times.frame
    assert len(times) == len(frame) > 10 and set(frame["from_id"]) <= set(PLACES["id"])
    assert "OpenStreetMap contributors" in times.credit and times.record["coverage"]
    written = pd.read_csv(tmp_path / "times.csv", dtype={"from_id": str, "to_id": str})
    assert np.allclose(written["minutes"], frame["minutes"]) and len(written) == len(frame)
    assert json.loads((tmp_path / "times.csv.json").read_text())["credit"] == times.credit
    # By the binary table too, and to some places only.
    times.write(tmp_path / "times.mtt")
    assert np.array_equal(maillage.Times.load(tmp_path / "times.mtt").matrix(), times.matrix(), equal_nan=True)
    some = maillage.travel(extract, PLACES, to=PLACES.head(1), far_m=5_000, output=tmp_path / "some.parquet")
    assert set(some.frame["to_id"]) == {"99138"}
    stored = pd.read_parquet(tmp_path / "some.parquet")
    assert np.allclose(stored["minutes"], some.minutes, atol=0.005)


def test_what_cannot_be_read_is_said_with_its_code(shared, tmp_path):
    (tmp_path / "roads.osm.pbf").write_bytes(b"no extract")
    with pytest.raises(maillage.MaillageError) as raised:
        maillage.travel(tmp_path / "roads.osm.pbf", PLACES)
    assert raised.value.code.startswith("E") and raised.value.problems[0].file.endswith("roads.osm.pbf")
    with pytest.raises(maillage.MaillageError):
        maillage.travel(shared("data/osm/monaco.osm.pbf"), PLACES.drop(columns="lat"))


def test_another_engine(tmp_path):
    file = tmp_path / "osrm.json"
    file.write_text(json.dumps({"code": "Ok", "durations": [[0, 60, None], [90, 0, 120], [30, 45, 0]]}))
    places = PLACES.head(3)
    times = maillage.import_times(file, "osrm", places=places)
    # What has no time is absent; of a place to itself there is nothing to say, or nothing.
    minutes = {(a, b): m for a, b, m in times.frame.itertuples(index=False) if a != b}
    a, b, c = places["id"]
    assert minutes == {(a, b): 1.0, (b, a): 1.5, (b, c): 2.0, (c, a): 0.5, (c, b): 0.75}


def test_the_proxy_is_fitted(shared):
    points = pd.read_csv(shared("data/matrices/grand_paris_points.csv"), dtype={"id": str})
    with pytest.warns(maillage.MaillageWarning, match="W404"):
        said = maillage.calibrate(shared("data/matrices/grand_paris_car_minutes.csv.gz"), points)
    held_out = said["held_out"]
    assert held_out["fitted"]["median_min"] < held_out["default"]["median_min"]
