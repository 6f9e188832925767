#!/usr/bin/env python3
"""A suite of 200 scenarios on two Dask workers against the same in one process, and how it would spread over up to 64.

    python benches/dask_scaling.py [PAIRS]     needs maillage[dask]; two idle cores

Twice: with one goal, where a unit takes some hundredths of a second, and with both goals of the scenario that is shipped.

Pairs: the suite in this process with two jobs, then on two workers (a scheduler and two processes on 127.0.0.1, of one thread
each, started before the clock), in turn. Elapsed and CPU seconds; those of Dask are of this process, the scheduler in it, and of
the workers.

Overhead: 2,000 tasks that do nothing, by the same calls, on the same cluster: elapsed seconds a task.

Simulation: the elapsed times of units as one worker measured them; what its whole run took beyond their sum (reading, writing) is
shared out among them. Units are handed out in order, each to the first worker that is free, no two closer to each other than the
overhead. Efficiency is work over workers times end; idle is the rest.
"""

import heapq
import statistics
import sys
import tempfile
import time
from pathlib import Path

import maillage
from distributed import Client, LocalCluster, as_completed
from maillage import distributed

TERRITORY = Path(__file__).resolve().parent.parent / "scenarios" / "roannais" / "territory.json"
UNITS = 200
TYPES = [
    {"id": "msp", "form": "msp", "min_gps": 2, "max_gps": 6, "patients_per_gp": 1131, "opening_eur": 250_000, "per_gp_eur": 0},
    {
        "id": "centre",
        "form": "centre",
        "min_gps": 2,
        "max_gps": 6,
        "patients_per_gp": 600,
        "opening_eur": 100_000,
        "per_gp_eur": 100_000,
    },
]
SUITE = {
    "base": {
        "title": {"fr": "Budgets", "en": "Budgets"},
        "territory": TERRITORY,
        "scope": "core",
        "people": {"attachable_percent": 79},
        "supply": {"patients_per_gp": 1001},
        "problem": {
            "kind": "siting",
            "max_min": 15,
            "structure_types": TYPES,
            "candidates": {"places": "core", "min_population": 2500},
            "limits": {"budget_eur": 0, "max_new_sites": 6, "gp_pool": 12},
            "goals": [],
        },
    },
    "sweep": {"name": "budget", "pointer": "problem.limits.budget_eur", "values": [10_000 * i for i in range(UNITS)]},
}


def measured(run, at, cpu):
    """What a run into the folder `at` gives, elapsed and CPU seconds."""
    before, begun = cpu(), time.perf_counter()
    done = run(at)
    return done, time.perf_counter() - begun, cpu() - before


def nothing(i):
    return i


def overhead(client, tasks=2000):
    begun = time.perf_counter()
    futures = [client.submit(nothing, i, key=("nothing", i), retries=2) for i in range(tasks)]
    for future in as_completed(futures):
        future.result()
    return (time.perf_counter() - begun) / tasks


def simulated(units, workers, gap):
    """When the last unit ends."""
    free, handed = [0.0] * workers, 0.0
    for unit in units:
        begin = max(heapq.heappop(free), handed)
        handed = begin + gap
        heapq.heappush(free, begin + unit)
    return max(free)


def compared(client, work, suite, pairs):
    """Prints pairs of runs, and gives the medians of both ratios."""

    def cpu_of_all():
        return time.process_time() + sum(client.run(time.process_time).values())

    ratios = []
    for i in range(pairs):
        here, wall, cpu = measured(lambda at: maillage.suite(suite, at, jobs=2), work / f"here-{i}" / "s", time.process_time)
        there, dask_wall, dask_cpu = measured(
            lambda at: distributed.run(suite, client, at), work / f"there-{i}" / "s", cpu_of_all
        )
        assert not here.failures and not there.failures and here.rows.equals(there.rows)
        ratios.append((dask_wall / wall, dask_cpu / cpu))
        print(f"pair {i + 1}: here {wall:.1f} s, {cpu:.1f} CPU s; Dask {dask_wall:.1f} s, {dask_cpu:.1f} CPU s;",
              f"ratios {ratios[-1][0]:.2f}, {ratios[-1][1]:.2f}", flush=True)  # fmt: skip
    return [statistics.median(r) for r in zip(*ratios, strict=True)]


def spread(work, suite, gap):
    """Prints how the units, measured one at a time in this process, would spread."""
    units = maillage.prepare(suite, work / "alone" / "s")
    begun = time.perf_counter()
    ended = maillage.run_units(units, jobs=1)
    rest = (time.perf_counter() - begun - sum(e.wall_seconds for e in ended)) / len(ended)
    times = [e.wall_seconds + rest for e in ended]
    print(f"units of {min(times):.3f} to {max(times):.3f} s, {sum(times):.1f} s in all")
    print("workers    200 units: s  efficiency  idle s    2,000 units: s  efficiency  idle s")
    for workers in (1, 2, 4, 8, 16, 32, 64):
        cells = []
        for some in (times, times * 10):
            end = simulated(some, workers, gap)
            cells.append(f"{end:14.2f}  {sum(some) / workers / end:10.0%}  {workers * end - sum(some):6.1f}")
        print(f"{workers:7}  " + "    ".join(cells))


def main():
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster, Client(cluster) as client:
        gap = overhead(client)
        print(f"overhead of a task {gap * 1000:.2f} ms")
        for goals in (["people-attached"], ["people-attached", "travel-time"]):
            SUITE["base"]["problem"]["goals"] = goals
            print(f"goals: {', '.join(goals)}")
            with tempfile.TemporaryDirectory() as folder:
                wall, cpu = compared(client, Path(folder), SUITE, pairs)
                print(f"median ratios: elapsed {wall:.2f}, CPU {cpu:.2f}")
                spread(Path(folder), SUITE, gap)


if __name__ == "__main__":  # the workers import this file
    main()
