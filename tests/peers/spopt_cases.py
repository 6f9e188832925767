"""spopt of PySAL on the cases of its own tests: python spopt_cases.py FOLDER

The cases are those of spopt 0.7, which publishes how they are made: points drawn on the streets of a lattice (`simulated_geo_points`,
seeds 5 and 6), distances along the streets or through the air, weights drawn after them. Each table of costs is written to FOLDER, as
maillage reads it (whole numbers: millionths), with the weights; then each case is solved by spopt with CBC, and one line is printed:

    TABLE PROBLEM NAME=VALUE... OBJECTIVE

OBJECTIVE is `infeasible` where spopt says so. A `backup-cover` is what spopt calls LSCPB: `p` is what it found to be enough.
"""

import sys
import warnings
from pathlib import Path

import geopandas
import numpy
import pulp
import spaghetti
from scipy.spatial.distance import cdist
from spopt.locate import LSCP, LSCPB, MCLP, PCenter, PMedian
from spopt.locate.util import simulated_geo_points


def streets(clients, sites):
    """Distances from clients to sites along the streets, and through the air; weights of the clients."""
    lattice = spaghetti.regular_lattice((0, 0, 10, 10), 9, exterior=True)
    network = spaghetti.Network(in_data=lattice)
    arcs = spaghetti.element_as_gdf(network, arcs=True)
    space = geopandas.GeoDataFrame(geometry=geopandas.GeoSeries(arcs.geometry.buffer(0.2).union_all()), crs=arcs.crs)
    at = {}
    for name, needed, seed in (("clients", clients, 5), ("sites", sites, 6)):
        network.snapobservations(simulated_geo_points(space, needed=needed, seed=seed), name, attribute=True)
        snapped = spaghetti.element_as_gdf(network, pp_name=name, snapped=True).geometry
        at[name] = numpy.column_stack([snapped.x, snapped.y])
    points = network.pointpatterns
    along = network.allneighbordistances(sourcepattern=points["clients"], destpattern=points["sites"])
    return along, cdist(at["clients"], at["sites"]), numpy.random.randint(1, 12, clients)


def cases(costs, weights):
    """Problems with what is asked and the model: those of the tests, and all others of their kind on these points."""
    sites = costs.shape[1]
    for p in range(1, sites + 1):
        yield "p-median", {"p": p}, PMedian.from_cost_matrix(costs, weights, p_facilities=p)
        yield "p-center", {"p": p}, PCenter.from_cost_matrix(costs, p_facilities=p)
    for radius in range(1, 13):
        for p in range(1, sites + 1):
            asked = {"radius": radius, "p": p}
            yield "max-cover", asked, MCLP.from_cost_matrix(costs, weights, service_radius=radius, p_facilities=p)
        yield "set-cover", {"radius": radius}, LSCP.from_cost_matrix(costs, radius)


def forced(costs, weights):
    """The same with two sites that must open, as in the tests, which publish the values of the first two."""
    two = numpy.array([0, 0, 0, 1, 1])
    yield "p-median", {"p": 3}, PMedian.from_cost_matrix(costs, weights, p_facilities=3, predefined_facilities_arr=two)
    yield "p-center", {"p": 3}, PCenter.from_cost_matrix(costs, p_facilities=3, predefined_facilities_arr=two)
    for radius in range(6, 13):
        yield "set-cover", {"radius": radius}, LSCP.from_cost_matrix(costs, radius, predefined_facilities_arr=two)


def backup(costs, radius):
    """How many sites are enough by spopt, and how many clients two of those that it chose cover.

    Counted here: spopt 0.7 counts a client that only one candidate reaches as covered twice. That is the same for every plan, so
    its choice is a best one.
    """
    model = LSCPB.from_cost_matrix(costs, radius, cbc()).solve()
    chosen = [y.value() > 0.5 for y in model.fac_vars]
    covering = (costs <= radius)[:, chosen].sum(axis=1)
    return sum(chosen), (covering >= 2).sum()


def cbc():
    return pulp.PULP_CBC_CMD(msg=False)


def solved(solve):
    """What the function gives, or that there is no plan."""
    try:
        return solve()
    except RuntimeError as failure:
        if "Infeasible" not in str(failure):
            raise
        return "infeasible"


def say(table, problem, asked, value):
    print(table, problem, *(f"{k}={v}" for k, v in asked.items()), value)


def write(path, header, rows):
    path.write_text("\n".join([header, *rows]) + "\n")


def main(folder):
    along, air, weights = streets(100, 5)
    demand = [f"c{i},{w}" for i, w in enumerate(weights)]
    write(folder / "weights.csv", "id,weight", demand)
    # Clients who reach one site only: it has to open.
    held = ["h3,s3,0", "h4,s4,0"]
    write(folder / "weights-forced.csv", "id,weight", [*demand, "h3,1", "h4,1"])
    for name, costs in (("along", along), ("air", air)):
        pairs = [f"c{i},s{j},{round(cost * 1e6)}" for (i, j), cost in numpy.ndenumerate(costs)]
        write(folder / f"{name}.csv", "from_id,to_id,cost", pairs)
        write(folder / f"{name}-forced.csv", "from_id,to_id,cost", [*pairs, *held])
        for table, models in ((name, cases), (f"{name}-forced", forced)):
            for problem, asked, model in models(costs, weights):
                say(table, problem, asked, solved(lambda: model.solve(cbc()).problem.objective.value()))
        for radius in range(1, 13):
            found = solved(lambda: backup(costs, radius))
            if found == "infeasible":
                say(name, "backup-cover", {"radius": radius, "p": costs.shape[1]}, found)
            else:
                say(name, "backup-cover", {"radius": radius, "p": found[0]}, found[1])


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # what spopt calls of others is deprecated
    main(Path(sys.argv[1]))
