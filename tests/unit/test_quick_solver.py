"""An explanation loads the solver without pandas, and leaves pandas as it was."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
from scheduler.roster.explain.local import load_solver
cp_model = load_solver()
model, solver = cp_model.CpModel(), cp_model.CpSolver()
x = model.new_int_var(0, 9, "x")
model.maximize(x)
print("pandas" in sys.modules, load_solver() is cp_model, solver.solve(model) == cp_model.OPTIMAL, solver.value(x))
import pandas
print(pandas.Series([1, 2]).sum())
"""


def test_the_solver_without_pandas() -> None:
    run = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == ["False True True 9", "3"]
