"""Suites on Dask: real processes, faults midway, the same files as here."""

import json
import re
import shutil
from pathlib import Path

import maillage
import pytest
from clusters import Cluster
from maillage import distributed


@pytest.fixture
def cluster(tmp_path):
    folder = tmp_path / "cluster"
    folder.mkdir()
    with Cluster(folder) as cluster:
        cluster.scheduler()
        yield cluster


@pytest.fixture
def suite(siting, tmp_path) -> Path:
    """Ten units: eight with a plan, one infeasible (one site is too far from some), one with bad input."""
    base = {
        **siting,
        "schema_version": 1,
        "title": {"fr": "Deux sites", "en": "Two sites"},
        "territory": str(siting["territory"]),
    }
    overrides = {f"p{p}": {"problem": {"p": p}} for p in range(2, 10)} | {"far": {"problem": {"p": 1}}, "zero": {"problem": {"p": 0}}}
    spec = {"schema_version": 1, "base": base, "overrides": overrides, "scenarios": {name: [name] for name in overrides}}
    file = tmp_path / "suite.json"
    file.write_text(json.dumps(spec))
    return file


EXPECTED = {**{f"p{p}": "optimal" for p in range(2, 10)}, "far": "infeasible", "zero": "bad_input"}


@pytest.fixture
def here(suite, tmp_path):
    """The same suite in this process."""
    return maillage.suite(suite, tmp_path / "here", jobs=2)


def timeless(folder: Path) -> dict[str, bytes]:
    """Every file of a suite's folder, less how long it took and where it is."""
    files = {}
    for file in sorted(folder.rglob("*")):
        if not file.is_file() or file.name == "log.jsonl":
            continue
        content = file.read_bytes()
        if file.name == "result.json":
            record = json.loads(content)
            for key in ("wall_seconds", "cpu_seconds", "progress", "seal", "files", "machine", "peak_memory_mb"):
                record.pop(key, None)
            for goal in record["goals"]:
                goal.pop("seconds", None)
            content = json.dumps(record).encode()
        if file.name == "report.html":
            content = re.sub(rb"<section[^>]*data-times.*?</section>", b"", content, flags=re.S)
        # Where the suite is may differ; it is told of where a unit has bad input.
        files[file.relative_to(folder).as_posix()] = content.replace(str(folder).encode(), b"")
    return files


def statuses(done):
    return {e.scenario: e.status for e in done.ended}


def assert_same(folder, other):
    mine, theirs = timeless(folder), timeless(other)
    assert mine.keys() == theirs.keys()
    assert [name for name in mine if mine[name] != theirs[name]] == []


def test_a_killed_worker_and_a_lost_scheduler_lose_nothing(cluster, suite, here, tmp_path):
    first, _ = cluster.worker(SLOW="0.3"), cluster.worker(SLOW="0.3")
    ended, faults = [], []

    def watch(told):
        ended.append(told["scenario"])
        if len(ended) == 2:
            first.kill()
        if len(ended) == 5:
            # All that the scheduler knew is gone; so are its workers, which leave without it.
            cluster.processes[0].kill()
            cluster.processes[0].wait()
            cluster.scheduler()
            cluster.worker(), cluster.worker()
            faults.append(set(ended))

    with cluster.client(2) as client:
        done = distributed.run(suite, client, tmp_path / "there", progress=watch)
    assert len(faults) == 1, "the scheduler was killed while units were left"
    assert sorted(ended) == sorted(EXPECTED), "every unit ends, once"
    assert statuses(done) == EXPECTED == statuses(here)
    assert_same(tmp_path / "there", tmp_path / "here")
    # Run again, nothing is solved: what stands is kept.
    with cluster.client(2) as client:
        again = distributed.run(suite, client, tmp_path / "there")
    assert {e.scenario for e in again.ended if e.kept} == set(EXPECTED) - {"zero"}
    assert statuses(again) == EXPECTED


def test_results_are_sent_back_where_nothing_is_shared(cluster, suite, here, tmp_path):
    cluster.worker("--resources", "MB=500"), cluster.worker("--resources", "MB=500")
    with cluster.client(2) as client:
        done = distributed.run(suite, client, tmp_path / "there", shared=False, memory_resource="MB")
        began = cluster.began()
        shutil.rmtree(tmp_path / "there" / "p3")
        again = distributed.run(suite, client, tmp_path / "there", shared=False)
        with pytest.raises(ValueError, match="no worker has the resource"):
            distributed.run(suite, client, tmp_path / "there", memory_resource="GPU")
    assert statuses(done) == statuses(again) == EXPECTED
    assert sorted(began) == sorted(set(EXPECTED) - {"zero"}), "bad input is found before anything is sent"
    assert_same(tmp_path / "there", tmp_path / "here")
    assert cluster.began().count("p3") == 2 and cluster.began().count("p4") == 1
    assert not list((cluster.folder).glob("scratch-*/**/maillage-*")), "workers keep nothing"


def test_a_unit_that_kills_its_workers_or_fails_is_one_row(cluster, suite, tmp_path):
    spec = json.loads(suite.read_text())
    spec["scenarios"] = {"p5": ["p5"], "kills": ["p2"], "fails": ["p3"], "p4": ["p4"]}
    suite.write_text(json.dumps(spec))
    cluster.worker(nanny=True), cluster.worker(nanny=True)
    with cluster.client(2) as client:
        done = distributed.run(suite, client, tmp_path / "there")
    assert statuses(done) == {"p5": "optimal", "kills": "internal_error", "fails": "internal_error", "p4": "optimal"}
    why = {e.scenario: e.why for e in done.failures}
    assert "KilledWorker" in why["kills"] and "no space left" in why["fails"]
    assert cluster.began().count("kills") == 4, "as often as the scheduler allows, and alone once more"
    # As often as retries say, and once more where its worker was killed before it told of the failure.
    assert 3 <= cluster.began().count("fails") <= 7
    assert list(done.rows["status"]) == ["optimal", "internal_error", "internal_error", "optimal"]


def other_maillage(folder: Path) -> Path:
    """The package as another build: its module is a byte longer."""
    package = Path(maillage.__file__).parent
    other = folder / "other" / "maillage"
    shutil.copytree(package, other, ignore=shutil.ignore_patterns("__pycache__"))
    (module,) = other.glob("_maillage*.so")
    with module.open("ab") as file:
        file.write(b"\0")
    return other.parent


def test_workers_of_another_build_are_refused_now_and_later(cluster, suite, tmp_path):
    other = str(other_maillage(tmp_path))
    old = cluster.worker("--name", "old", PYTHONPATH=other)
    with cluster.client(1) as client:
        with pytest.raises(distributed.VersionMismatch) as raised:
            distributed.run(suite, client, tmp_path / "there")
        assert len(raised.value.workers) == 1 and maillage.version() in str(raised.value)
        assert not (tmp_path / "there").exists(), "before anything is done"
        old.kill()
        cluster.worker(SLOW="0.3")
        cluster.wait_until(lambda: [w["name"] for w in client.scheduler_info()["workers"].values()] not in ([], ["old"]))
        late = []

        def watch(told):
            if not late:
                late.append(cluster.worker("--name", "late", PYTHONPATH=other))

        done = distributed.run(suite, client, tmp_path / "there", progress=watch)
        cluster.wait_until(lambda: late[0].poll() is not None)
    assert statuses(done) == EXPECTED
    assert "maillage-refused" in (cluster.folder / "processes.log").read_text()


def test_ctrl_c_keeps_what_is_finished(cluster, suite, tmp_path):
    cluster.worker(SLOW="0.3")

    def watch(told):
        if told["status"] == "optimal":
            raise KeyboardInterrupt

    with cluster.client(1) as client:
        done = distributed.run(suite, client, tmp_path / "there", progress=watch)
        found = [e.status for e in done.ended]
        assert found.count("optimal") == 1 and "not_run" in found
        assert statuses(distributed.run(suite, client, tmp_path / "there")) == EXPECTED
