"""A second checker for results of `maillage locate`, written from docs/certificates.md alone.

    python3 checker.py RESULT.json

Exit code 0: the plan is worth what the result says and the certificate proves its bound. 1: it does not, and why.
Python's integers have no limit and no float takes part. Capacities are left out.
"""

import csv
import gzip
import hashlib
import heapq
import json
import sys
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from pathlib import Path


def ceil(over, under):
    return -(-over // under)


def read(path, sha256):
    content = path.read_bytes()
    refuse(hashlib.sha256(content).hexdigest() != sha256, f"{path.name} is not the file of the run")
    return (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode()


def refuse(wrong, why):
    if wrong:
        sys.exit(f"refused: {why}")


# The instance: names of clients and sites, weights, opening costs, and per client a list of (site, cost).


def graph(text):
    (n, _, p), *edges = [[int(w) for w in line.split()] for line in text.splitlines() if line.strip()]
    length = {(min(i, j), max(i, j)): cost for i, j, cost in edges if i != j}
    near = [[] for _ in range(n)]
    for (i, j), cost in length.items():
        near[i - 1].append((j - 1, cost))
        near[j - 1].append((i - 1, cost))
    costs = []
    for start in range(n):
        far, heap = {}, [(0, start)]
        while heap:
            d, i = heapq.heappop(heap)
            if i not in far:
                far[i] = d
                for j, cost in near[i]:
                    heapq.heappush(heap, (d + cost, j))
        costs.append(sorted(far.items()))
    names = [str(i + 1) for i in range(n)]
    return names, names, [1] * n, [1] * n, costs


def table(text, weights):
    rows = list(csv.DictReader(text.splitlines()))
    weight = {row["id"]: int(row["weight"]) for row in csv.DictReader(weights.splitlines())} if weights else None
    clients = sorted(weight or {row["from_id"] for row in rows}, key=str.encode)
    sites = sorted({row["to_id"] for row in rows}, key=str.encode)
    number, costs = {name: j for j, name in enumerate(sites)}, {name: [] for name in clients}
    for row in rows:
        costs[row["from_id"]].append((number[row["to_id"]], int(row["cost"])))
    return clients, sites, [weight[c] if weight else 1 for c in clients], [1] * len(sites), list(costs.values())


def plane(text, fmt):
    """Costs are squares of distances, in parts of 1 / scale²."""
    if fmt == "tsplib":
        rows = text.split("NODE_COORD_SECTION")[1].split("EOF")[0].split("\n")
        points = [row.split()[1:3] + ["1"] for row in rows if row.strip()]
        sites, first = points, 1
    else:
        rows = [row.split() for row in text.splitlines()[1:] if row.strip()]
        sites, points = ([row[2:5] for row in rows if row[0] == letter] for letter in "FC")
        first = 0
    both = [Decimal(v) for row in sites + points for v in row[:2]]
    scale = 10 ** max(max(0, -v.normalize().as_tuple().exponent) for v in both)
    at = [[(int(Decimal(x) * scale), int(Decimal(y) * scale)) for x, y, _ in rows] for rows in (sites, points)]
    costs = [[(j, (x - a) ** 2 + (y - b) ** 2) for j, (a, b) in enumerate(at[0])] for x, y in at[1]]
    names = [[str(first + k) for k in range(len(rows))] for rows in at]
    worth = [[int(row[2]) for row in rows] for rows in (points, sites)]
    return names[1], names[0], worth[0], worth[1], costs, scale


def charges(text):
    words = text.split("\n", 1)[1].split()
    m, n, values = int(words[0]), int(words[1]), [Decimal(w) for w in words[3:]]
    rows = [values[k * (n + 2) : (k + 1) * (n + 2)] for k in range(m)]
    scale = 10 ** max(max(0, -v.normalize().as_tuple().exponent) for row in rows for v in row)
    costs = [[(j, int(row[i + 2] * scale)) for j, row in enumerate(rows)] for i in range(n)]
    names = [[str(k + 1) for k in range(count)] for count in (n, m)]
    return names[0], names[1], [1] * n, [int(row[1] * scale) for row in rows], costs, scale


def instance(result, folder):
    files = [read(folder / i["path"], i["sha256"]) for i in result["inputs"]]
    fmt, scale = result["format"], 1
    if fmt == "orlib-pmed":
        data = graph(files[0])
    elif fmt == "csv":
        data = table(files[0], files[1] if result["weights"] else None)
    elif fmt == "uflib":
        *data, scale = charges(files[0])
    else:
        refuse(fmt not in ("tsplib", "grid"), f"format {fmt} is not read here")
        *data, scale = plane(files[0], fmt)
    return data, scale


# Worths and bounds.


def knapsack(gains, costs, budget):
    left, total = budget, 0
    items = [(gain, cost) for gain, cost in zip(gains, costs) if cost <= budget]
    for gain, cost in sorted(items, key=lambda item: (item[1] > 0, Fraction(-item[0], item[1] or 1))):
        if cost > left:
            return total + ceil(gain * left, cost)
        left, total = left - cost, total + gain
    return total


def proven(result, n, m, weights, opening, near, u, s):
    """What multipliers prove; `near` are the costs, or in covering problems the sites that cover."""
    problem, p, asked = result["problem"], result["p"], result["certificate"]["bound"]
    share = s if problem in ("max-cover", "set-cover") else u[-1] if problem == "partial-cover" else None
    v = u[:n] if share is None else [min(x, share) for x in u[:n]]

    def best(gains):
        return sum(sorted(gains, reverse=True)[:p])

    def got(pays):
        total = [0] * m
        for i, sites in enumerate(near):
            for j in sites:
                total[j] += pays[i]
        return total

    if problem == "p-median":
        saved = [0] * m
        for i, row in enumerate(near):
            for j, cost in row:
                saved[j] += min(0, s * weights[i] * cost - v[i])
        return max(0, ceil(sum(v) + sum(sorted(saved)[:p]), s))
    if problem == "p-center":
        def excluded(r):
            paid = [0] * m
            for i, row in enumerate(near):
                for j, cost in row:
                    paid[j] += v[i] if cost <= r else 0
            return sum(v) > best(paid)
        return asked if (asked == 0 or excluded(asked - 1)) and not excluded(asked) else None
    if problem == "max-cover":
        kept = sum(w * (s - x) for w, x in zip(weights, v))
        gains = got([w * x for w, x in zip(weights, v)])
        most = best(gains) if result["budget"] is None else knapsack(gains, opening, result["budget"])
        return (kept + most) // s
    if problem == "set-cover":
        return max(0, ceil(sum(v) - sum(max(0, g - s) for g in got(v)), s))
    if problem == "partial-cover":
        gains = got([w * x for w, x in zip(weights, v)])
        unpaid = sum(w * (share - x) for w, x in zip(weights, v))
        left = sum(min(0, s * c - g) for c, g in zip(opening, gains))
        return max(0, ceil(share * result["demand"] - unpaid + left, s))
    if problem == "backup-cover" and result["times"]:
        return max(0, ceil(result["times"] * sum(v) + sum(min(0, s - g) for g in got(v)), s))
    if problem == "backup-cover":
        twice = sum(max(0, s * w - x) for w, x, sites in zip(weights, v, near) if len(sites) > 1)
        return max(0, (twice - sum(v) + best(got(v))) // s)
    left = [s * f for f in opening]
    for i, row in enumerate(near):
        for j, cost in row:
            left[j] -= max(0, v[i] - s * cost)
    return max(0, ceil(sum(v) + sum(min(0, x) for x in left), s))


def worth(result, weights, opening, near, open_sites):
    """What the plan is worth; None where it is none."""
    problem, cost = result["problem"], sum(opening[j] for j in open_sites)
    if problem in ("p-median", "p-center", "fixed-charge"):
        served = [min((c for j, c in row if j in open_sites), default=None) for row in near]
        if None in served:
            return None
        total = sum(w * c for w, c in zip(weights, served))
        return {"p-median": total, "p-center": max(served), "fixed-charge": cost + total}[problem]
    times = [len(open_sites & set(sites)) for sites in near]

    def covered(often):
        return sum(w for w, t in zip(weights, times) if t >= often)

    if problem == "max-cover":
        return covered(1) if result["budget"] is None or cost <= result["budget"] else None
    if problem == "partial-cover":
        return cost if covered(1) >= result["demand"] else None
    if min(times) < (result["times"] or 1):
        return None
    return len(open_sites) if problem == "set-cover" or result["times"] else covered(2)


def check(path):
    result = json.loads(path.read_text())
    (_, sites, weights, opening, near), scale = instance(result, path.parent)
    problem, squares = result["problem"], result["format"] in ("tsplib", "grid")
    if "cover" in problem:
        far, fine = result["radius"], result["radius_scale"]
        if squares:
            far, fine = (far * scale) ** 2, fine**2
        near = [tuple(j for j, cost in row if cost * fine <= far) for row in near]
        if squares:
            classes = {}
            for sites_of, weight in zip(near, weights):
                classes[sites_of] = classes.get(sites_of, 0) + weight
            near, weights = list(classes), list(classes.values())
    elif squares and problem == "p-median":
        near = [[(j, isqrt(c) // scale) for j, c in row] for row in near]
    # Sites cost what a grid says under a budget and in partial covering; elsewhere 1.
    if result["format"] == "grid" and problem != "partial-cover" and result["budget"] is None:
        opening = [1] * len(opening)
    if result["objective"] is None:
        return "no plan"
    number = {name: j for j, name in enumerate(sites)}
    refuse(any(name not in number for name in result["open"]), "an open site is unknown")
    open_sites, p = {number[name] for name in result["open"]}, result["p"]
    refuse(len(open_sites) != len(result["open"]), "a site is open twice")
    exactly = problem == "p-median"
    refuse(p is not None and (len(open_sites) > p or exactly and len(open_sites) < p), "the number of open sites")
    objective = worth(result, weights, opening, near, open_sites)
    refuse(objective != result["objective"], f"the plan is worth {objective}, not {result['objective']}")
    certificate = result["certificate"]
    if certificate is None:
        return f"plan of {objective}; no certificate"
    kind, s, u = certificate["kind"], certificate["scale"], certificate["multipliers"]
    refuse(kind != problem or s < 1 or any(x < 0 for x in u), "the certificate is of another kind")
    refuse(len(u) != len(near) + (problem == "partial-cover"), "the number of multipliers")
    bound = proven(result, len(near), len(sites), weights, opening, near, u, s)
    refuse(bound != certificate["bound"], f"the multipliers prove {bound}, not {certificate['bound']}")
    large = problem == "max-cover" or (problem == "backup-cover" and not result["times"])
    refuse(bound < objective if large else bound > objective, "the bound beats the plan")
    return f"plan of {objective}, " + ("proven optimal" if bound == objective else f"certified bound {bound}")


if __name__ == "__main__":
    print(check(Path(sys.argv[1])))
