"""Figures need no simulator and know no theory's code; no room reaches upwards."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def ours(room):
    """Modules of this project that a room's files import: name -> files."""
    found = {}
    for path in (ROOT / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level:
                names = [room]
            elif isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                found.setdefault(name, []).append(path.name)
    rooms = {"models", "experiments", "analysis", "benchmarks", "tests"}
    return {name: files for name, files in found.items() if name.split(".")[0] in rooms}


def test_analysis_reads_run_folders_and_results_and_nothing_else_of_ours():
    run, forms = (
        ("files", "folder", "marks", "named", "records", "command"),
        ("jacobians", "lemma_1"),
    )
    allowed = ["analysis", "experiments.ROOT", "experiments.measures", "experiments.firing"]
    allowed += [f"experiments.study.{name}" for name in ("results", "statistics", "importance")]
    allowed += [f"experiments.run.{name}" for name in run]
    allowed += [f"experiments.segregated.{name}" for name in (*forms, "cell_formulae")]
    found = ours("analysis")
    assert {n: f for n, f in found.items() if not n.startswith(tuple(allowed))} == {}
    assert any(name.startswith("experiments.run.folder") for name in found)


def test_drawing_needs_no_simulator_and_opens_no_window():
    files = [path.relative_to(ROOT) for path in (ROOT / "analysis").rglob("[a-z]*.py")]
    modules = [".".join(path.with_suffix("").parts) for path in files]
    assert len(modules) > 20
    code = f"import sys, {', '.join(modules)}; import matplotlib; print(matplotlib.get_backend()); "
    code += "pure = ('models', 'models.measures')  # arrays alone\n"
    code += "rooms = ('brian2', 'models')\n"
    code += "print([m for m in sys.modules if m.split('.')[0] in rooms and m not in pure])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.lower().split() == ["agg", "[]"]
