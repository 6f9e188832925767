"""A p-median by spopt of PySAL: python spopt_median.py COSTS WEIGHTS P SECONDS

COSTS and WEIGHTS are files of float64, COSTS client by client. Solved as in spopt's own examples, by CBC, limited to
SECONDS. Prints `optimal VALUE` when spopt calls its result optimal, `open SITE...`, `failure TEXT` when it raises, and of
this process and CBC together `cpu SECONDS`, and `mb MEGABYTES` of the larger of the two.
"""

import resource
import sys
import warnings

import numpy
import pulp
from spopt.locate import PMedian


def solve(costs, weights, p, seconds):
    model = PMedian.from_cost_matrix(costs, weights, p_facilities=p)
    model = model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=seconds))
    if pulp.LpStatus[model.problem.status] == "Optimal":
        print("optimal", model.problem.objective.value())
    print("open", *(j for j, y in enumerate(model.fac_vars) if y.value() > 0.5))


def main():
    warnings.simplefilter("ignore")  # PuLP deprecates what spopt calls, once a variable
    weights = numpy.fromfile(sys.argv[2])
    costs = numpy.fromfile(sys.argv[1]).reshape(len(weights), -1)
    try:
        solve(costs, weights, int(sys.argv[3]), float(sys.argv[4]))
    except (RuntimeError, pulp.PulpSolverError) as failure:
        print("failure", " ".join(str(failure).split()))
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print("cpu", sum(u.ru_utime + u.ru_stime for u in used))
    print("mb", max(u.ru_maxrss for u in used) // 1024)


main()
