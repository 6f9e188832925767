"""Floating catchments as `access` of PySAL computes them: python fca.py FOLDER...

Each FOLDER holds people.csv (id, people), supply.csv (id, supply) and cost.csv (origin, dest, minutes); its
result.csv is written at the end, one column a method, empty where `access` gives a place no figure. Before that
every line on standard input is a round of runs on the loaded tables; its answer is one line, the CPU seconds of
each method.
"""

import logging
import sys
import time
from pathlib import Path

import pandas as pd
from access import Access, weights

METHODS = {
    # The steps of DREES.
    "steps": lambda a: a.enhanced_two_stage_fca(
        name="steps", weight_fn=weights.step_fn({10: 1, 15: 2 / 3, 20: 1 / 3})
    ),
    # The steps of Luo and Qi, which `access` takes unless told otherwise.
    "default": lambda a: a.enhanced_two_stage_fca(name="default"),
    "two": lambda a: a.two_stage_fca(name="two", max_cost=20),
    "gaussian": lambda a: a.two_stage_fca(name="gaussian", max_cost=30, weight_fn=weights.gaussian(10)),
}


def load(folder):
    def table(name):
        return pd.read_csv(folder / name)

    return Access(
        demand_df=table("people.csv"),
        demand_index="id",
        demand_value="people",
        supply_df=table("supply.csv"),
        supply_index="id",
        supply_value="supply",
        cost_df=table("cost.csv"),
        cost_origin="origin",
        cost_dest="dest",
        cost_name="minutes",
    )


def seconds(method, cases):
    start = time.process_time()
    for case in cases:
        method(case)
    return time.process_time() - start


def main():
    logging.disable(logging.INFO)  # it tells of every column written again
    folders = [Path(folder) for folder in sys.argv[1:]]
    cases = [load(folder) for folder in folders]
    print("ready", flush=True)
    for _ in sys.stdin:
        print(*(f"{name}={seconds(method, cases)}" for name, method in METHODS.items()), flush=True)
    for folder, case in zip(folders, cases):
        for method in METHODS.values():
            method(case)
        columns = {f"{name}_supply": name for name in METHODS}
        case.access_df[list(columns)].rename(columns=columns).to_csv(folder / "result.csv", index_label="id")


main()
