"""Scenarios, suites and what goes wrong with them."""

import json
import os
import pickle
import signal
import threading
import time

import maillage
import pandas as pd
import pytest


def test_a_dictionary_and_a_file_give_the_same_plan(siting, roannais, tmp_path):
    result = maillage.solve(siting, output=tmp_path / "r")
    assert result.status == "optimal" and result.objective == result.bound and result.gap == 0
    file = tmp_path / "file.json"
    file.write_text(json.dumps({**json.loads((tmp_path / "r.json").read_text()), "territory": str(siting["territory"])}))
    again = maillage.solve(file)
    assert again.objective == result.objective
    pd.testing.assert_frame_equal(again.sites, result.sites)
    assert result.sites["code_commune"].str.len().eq(5).all(), "codes keep their zeros"
    assert result.assignments["people"].sum() > 0 and len(result.indicators) > 0
    assert result.report.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_result_can_be_checked_and_a_changed_one_does_not_hold(siting, tmp_path):
    result = maillage.solve(siting, output=tmp_path / "r")
    assert result.check()
    sites = tmp_path / "r" / "sites.csv"
    sites.write_text(sites.read_text(encoding="utf-8").replace("optimal", "x") + "\n", encoding="utf-8")
    verdict = maillage.check(tmp_path / "r")
    assert not verdict and not verdict.holds and verdict.report


def test_a_scenario_file_of_someone_else_is_not_written_over(siting, tmp_path):
    (tmp_path / "r.json").write_text("mine")
    with pytest.raises(maillage.MaillageError) as raised:
        maillage.solve(siting, output=tmp_path / "r")
    assert raised.value.code == "E108" and (tmp_path / "r.json").read_text() == "mine"
    # One's own is, with another plan: a cell is run again.
    maillage.solve(siting, output=tmp_path / "s")
    siting["problem"]["p"] = 3
    assert len(maillage.solve(siting, output=tmp_path / "s").sites) == 3


def test_problems_have_codes_places_and_remedies_and_cross_processes(siting):
    assert maillage.validate(siting) == []
    siting["problem"]["pp"] = 3
    with pytest.raises(maillage.MaillageError) as raised:
        maillage.solve(siting)
    error = pickle.loads(pickle.dumps(raised.value))
    (problem,) = [p for p in error.problems if p.code == "E202"]
    assert problem.pointer == "/problem/pp" and problem.line and problem.column and problem.remedy.en
    assert "error E202" in str(error) and "remedy" in str(error)
    maillage.set_language("fr")
    assert "erreur E202" in str(error) and "remède" in str(error)


def test_warnings_are_warnings(communes, tmp_path):
    communes.loc[0, ["lon", "lat"]] = None
    territory = maillage.Territory.from_frames(communes.drop(columns="gps"), name="t", geography_year=2026, folder=tmp_path / "t")
    with pytest.warns(maillage.MaillageWarning, match="has no coordinates"):
        assert territory.read()["places"] == len(communes)


def test_progress_is_told_and_an_exception_in_it_is_raised(siting):
    told = []
    maillage.solve(siting, progress=told.append)
    assert any(t["what"] == "progress" and t["goal"] for t in told)

    def fails(_):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        maillage.solve(siting, progress=fails)


def test_the_interpreter_is_free_while_solving(siting):
    """Another thread counts while the engine works: were the lock held, it could not."""
    counted, done = [], threading.Event()

    def count():
        while not done.is_set():
            counted.append(1)
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    before = len(counted)
    maillage.solve(siting)
    after = len(counted)
    done.set()
    thread.join()
    assert after - before > 3


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_ctrl_c_gives_the_plan_so_far(roannais):
    pressed = []

    def press(told):
        if not pressed and told["objective"] is not None:
            pressed.append(told)
            os.kill(os.getpid(), signal.SIGINT)

    result = maillage.solve(roannais / "three-sites.json", progress=press)
    assert pressed and result.limit == "interrupted"
    # The first goal may be proven already, the second is not.
    assert result.status == "feasible" and result.objective <= result.bound


def test_a_suite_as_a_dictionary(siting, tmp_path):
    suite = {
        "base": {k: v for k, v in siting.items() if k != "territory"},
        "sweep": {"name": "p", "pointer": "problem.p", "values": [2, 3, 0]},
    }
    done = maillage.suite(suite, tmp_path / "suite", territory=siting["territory"], jobs=2)
    assert [e.status for e in done.ended] == ["optimal", "optimal", "bad_input"]
    assert [e.problems[0].code for e in done.failures] == ["E205"]
    assert list(done.rows["scenario"]) == list(done)
    one, two, _ = done
    assert done[two].objective < done[one].objective and done.report.exists()
    units = maillage.prepare(suite, tmp_path / "suite", territory=siting["territory"])
    assert [e.kept for e in maillage.run_units(units[:2])] == [True, True]
    again = maillage.collect(units, tmp_path / "suite", title=tmp_path.name)
    assert [e.status for e in again.ended] == ["optimal", "optimal", "bad_input"]


def test_explanations_and_access(roannais, tmp_path):
    explained = maillage.explain(roannais / "present.json", result=maillage.solve(roannais / "present.json"))
    assert explained.status == "optimal" and explained.infeasible is None and "366" in explained.text
    measured = maillage.access(roannais, output=tmp_path / "access")
    assert {"measure", "value"} <= set(measured.zones.columns) and len(measured.places) == 497


def test_a_frontier_is_what_separate_solves_give(quick, tmp_path):
    found = maillage.frontier(quick, posts=[0, 4, 8], output=tmp_path / "frontier")
    assert list(found.points["value"]) == [0, 4, 8] and set(found.points["status"]) == {"optimal"}
    for posts, objective in zip(found.points["value"], found.points["objective"], strict=True):
        quick["problem"]["limits"]["gp_pool"] = int(posts)
        assert maillage.solve(quick).objective == objective
    assert (tmp_path / "frontier" / "frontier.html").exists()
    pool = "problem.limits.gp_pool"
    assert maillage.frontier(quick, pointer=pool, values=[4]).points["objective"][0] == found.points["objective"][1]
    with pytest.raises(TypeError, match="one of"):
        maillage.frontier(quick, posts=[1], budget=[2])
    with pytest.raises(maillage.MaillageError) as raised:
        maillage.frontier(quick, pointer="problem.limits.nothing", values=[1])
    assert raised.value.code


def test_other_plans_differ_and_hold(quick, tmp_path):
    plans = maillage.alternatives(quick, tmp_path / "plans", plans=3, apart=2, within_percent=50)
    opened = [set(plan.sites.query("status == 'opened'")["code_commune"]) for plan in plans]
    assert len(plans) == 3 and all(plan.check() for plan in plans)
    assert all(len(a ^ b) >= 2 for i, a in enumerate(opened) for b in opened[:i])
    objectives = [plan.objective for plan in plans]
    assert objectives == sorted(objectives, reverse=True) and objectives[0] == maillage.solve(quick).objective


def test_the_page_is_made_again_in_another_language(quick, tmp_path):
    result = maillage.solve(quick, output=tmp_path / "r")
    english = result.report.read_text()
    maillage.set_language("fr")
    written = maillage.report(result, ["xlsx", "gpkg"])
    assert '<html lang="en"' in english and '<html lang="fr"' in result.report.read_text()
    assert {".xlsx", ".gpkg"} <= {file.suffix for file in written} and all(file.exists() for file in written)
    assert result.check()
    with pytest.raises(ValueError, match="gpkg"):
        maillage.report(result, ["pdf"])


def test_files_of_benchmarks(tmp_path):
    table = pd.DataFrame({"from_id": list("aabb"), "to_id": list("xyxy"), "cost": [1, 4, 3, 2]})
    table.to_csv(tmp_path / "costs.csv", index=False)
    found = maillage.locate(tmp_path / "costs.csv", "p-median", p=1, output=tmp_path / "located.json")
    assert (found.status, found.objective, found.open) == ("optimal", 4.0, ["x"])
    assert found.check()


def test_schemas_and_versions():
    assert maillage.schema("scenario")["properties"]["problem"]
    assert maillage.__version__ == maillage.version() and "HiGHS" in maillage.solver()
