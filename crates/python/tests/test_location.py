"""Location problems on arrays, held against all plans there are."""

import itertools

import numpy as np
import pytest
from maillage.location import LSCP, LSCPB, MCLP, InfeasibleError, PCenter, PMedian


def instances():
    for seed in range(12):
        rng = np.random.default_rng(seed)
        clients, sites = int(rng.integers(3, 9)), int(rng.integers(2, 7))
        costs = rng.integers(0, 40, (clients, sites)) / 4
        if seed % 3 == 0:
            costs = rng.random((clients, sites)) * 10
        weights = rng.integers(0, 9, clients) + (0.5 if seed % 2 else 0.0)
        fixed = np.zeros(sites, dtype=int)
        fixed[: seed % 2] = 1
        yield costs, weights, int(rng.integers(1, sites + 1)), fixed


def plans(p, fixed):
    for open_ in itertools.combinations(range(len(fixed)), p):
        if set(np.flatnonzero(fixed)) <= set(open_):
            yield list(open_)


@pytest.mark.parametrize(("costs", "weights", "p", "fixed"), list(instances()))
def test_every_problem_finds_the_best_of_all_plans(costs, weights, p, fixed):
    median = PMedian.from_cost_matrix(costs, weights, p, fixed).solve()
    best = min((weights * costs[:, o].min(axis=1)).sum() for o in plans(p, fixed))
    assert median.objective == pytest.approx(best, rel=1e-9) and median.bound <= median.objective + 1e-9
    assert median.status == ("optimal" if median.exact else "within_rounding") and median.gap < 1e-6
    assert median.mean_dist == pytest.approx(best / weights.sum())

    center = PCenter.from_cost_matrix(costs, p, fixed).solve()
    assert center.status == "optimal" and center.exact
    assert center.objective == center.bound == min(costs[:, o].min(axis=1).max() for o in plans(p, fixed))

    radius = float(np.median(costs))
    near = costs <= radius
    cover = MCLP.from_cost_matrix(costs, weights, radius, p, fixed).solve()
    assert cover.objective == cover.bound == max(weights[near[:, o].any(axis=1)].sum() for o in plans(p, fixed))

    models = [median, center, cover]
    every = [o for k in range(len(fixed) + 1) for o in plans(k, fixed) if near[:, o].any(axis=1).all()]
    if every:
        fewest = LSCP.from_cost_matrix(costs, radius, fixed).solve()
        assert fewest.objective == fewest.bound == min(map(len, every))
        backup = LSCPB.from_cost_matrix(costs, radius, None, fixed).solve()
        twice = [(near[:, o].sum(axis=1) >= 2).sum() for o in every if len(o) == min(map(len, every))]
        assert backup.objective == max(twice) and backup.backup_perc == max(twice) / len(costs) * 100
        models += [fewest, backup]
    else:
        with pytest.raises(InfeasibleError):
            LSCP.from_cost_matrix(costs, radius, fixed).solve()
    for model in models:
        assert model.check(), model.check().text
        assert sorted(c for clients in model.fac2cli for c in clients) == sorted(
            c for c, sites in enumerate(model.cli2fac) for _ in sites
        )


def test_decimals_are_exact_and_others_are_bounded():
    exact = PMedian.from_cost_matrix(np.array([[0.1, 0.7], [0.3, 0.29]]), np.array([1.5, 2.25]), 1).solve()
    assert exact.exact and exact.status == "optimal" and exact.objective == exact.bound == 0.825
    third = PMedian.from_cost_matrix(np.array([[1 / 3, 1.0], [1.0, 1 / 3]]), np.array([1.0, 2.0]), 1).solve()
    assert not third.exact and third.status == "within_rounding"
    assert third.bound <= third.objective == pytest.approx(5 / 3) and third.objective - third.bound < 1e-8
    rough = PMedian.from_cost_matrix(np.array([[1 / 3, 1.0], [1.0, 1 / 3]]), np.array([1.0, 2.0]), 1, precision=0.1).solve()
    assert rough.bound == pytest.approx(1.6) and rough.objective == third.objective


def test_pairs_that_cannot_be_used():
    costs = np.array([[1.0, np.nan], [np.inf, 2.0]])
    with pytest.raises(InfeasibleError):
        PMedian.from_cost_matrix(costs, np.ones(2), 1).solve()
    assert PMedian.from_cost_matrix(costs, np.ones(2), 2).solve().objective == 3.0
    costs[1, 1] = np.inf
    with pytest.raises(InfeasibleError) as raised:
        PCenter.from_cost_matrix(costs, 2).solve()
    assert raised.value.unreachable == [1]


@pytest.mark.parametrize(
    ("costs", "weights", "said"),
    [
        ([[1.0, -2.0]], [1.0], "0 or more"),
        ([[1.0, 2.0]], [1.0, 2.0], "as many weights"),
        ([[1.0, 2.0]], [-1.0], "0 or more"),
        ([1.0, 2.0], [1.0], "clients"),
    ],
)
def test_arguments_that_do_not_fit(costs, weights, said):
    with pytest.raises(ValueError, match=said):
        PMedian.from_cost_matrix(np.array(costs), np.array(weights), 1)


def test_a_changed_plan_and_a_changed_certificate_do_not_hold():
    rng = np.random.default_rng(1)
    model = PMedian.from_cost_matrix(rng.integers(1, 99, (30, 12)), rng.integers(1, 9, 30), 3).solve()
    assert model.check() and model.certificate is not None and model.certificate.bound <= model.bound
    model.certificate.multipliers[0] += model.certificate.scale
    assert not model.check()
    model.certificate.multipliers[0] -= model.certificate.scale
    model.open = np.array([0, 1, 2]) if model.open.tolist() != [0, 1, 2] else np.array([0, 1, 3])
    assert not model.check()


def test_points_of_a_plane_as_their_matrix():
    rng = np.random.default_rng(2)
    for x, y in [rng.integers(0, 1000, (2, 60)).astype(float), rng.random((2, 60)) * 100]:
        weights = rng.integers(1, 50, 60)
        plane = PMedian.from_points(x, y, weights, 5).solve()
        matrix = np.hypot(x[:, None] - x, y[:, None] - y)
        dense = PMedian.from_cost_matrix(matrix, weights, 5).solve()
        assert plane.objective == pytest.approx(dense.objective, rel=1e-6)
        assert plane.bound <= plane.objective and plane.gap < 1e-4 and plane.check()
        assert np.allclose(plane.aij, dense.aij)


def test_capacities_of_a_set_covering():
    costs = np.array([[1.0, 1.0, 9.0], [1.0, 1.0, 1.0], [9.0, 1.0, 1.0]])
    demand, capacity = np.array([2.5, 2.0, 2.0]), np.array([3.0, 3.5, 4.0])
    plain = LSCP.from_cost_matrix(costs, 1.0).solve()
    held = LSCP.from_cost_matrix(costs, 1.0, None, demand, capacity).solve()
    assert plain.objective == 1 and held.objective == held.bound == 2 and held.check()
    assert sum(amount for _, _, amount in held.shares) == demand.sum()
    kept = LSCP.from_cost_matrix(costs, 1.0, np.array([1, 0, 0]), demand, capacity).solve()
    assert kept.objective == 2 and 0 in kept.open
