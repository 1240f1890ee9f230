"""Variables of a cell's own on the bench: all that the paper's cell does not have, over one image.

Each follows the same image, of a forward and a target phase, in cells that get a basal volley, an
apical volley, or a spike that they are made to fire, shortly after its beginning; none fires any
other spike. So gates that open with a potential, conductances that a spike opens, and what is kept
of a plateau at the end of a phase, all have something to show.
"""

import numpy as np

from models import units
from models.engine.printing import meanings
from models.segregated import bench, timing
from models.segregated.parameters import Phases
from models.segregated.pyramidal import HIDDEN

BASAL, APICAL, REST = 50.0, 200.0, -3.0  # volleys, mV ms; basal potential, mV
PHASES, AT, EACH = Phases(random=False), 10, 2  # when: step; of so many steps one is kept
KINDS = ("basal", "apical", "spike")


def follow(sheet, cell, size, seed):
    """Trace the cell's own variables, each with its unit and its meaning."""
    names = own(cell)
    if not names:
        return
    schedule, copies = timing.training(PHASES, 1), size.volley_copies
    kind = np.repeat(KINDS, copies)
    now = np.arange(schedule.steps_in_all)[:, None] == AT
    out = bench.run(
        cell,
        schedule,
        len(kind),
        b=REST,
        basal=BASAL * (now & (kind == "basal")),
        apical=APICAL * (now & (kind == "apical")),
        fires=np.where(now & (kind == "spike"), 1, -1),
        also=names,
        seed=seed,
    )
    t, said = out.t + float(PHASES.dt) * 1e3, meanings(cell.parts.values())
    for name in names:
        unit = units.of(cell.equations[name])
        sheet.variable(name, unit.text, said.get(name))
        for each in KINDS:
            mean = out.more[name][:, kind == each].mean(axis=1)
            sheet.curve(f"own_{name}_{each}", t[::EACH], mean[::EACH])


def own(cell):
    """Names of a cell's variables that the paper's cell does not have, in the order of its text."""
    usual, equations = HIDDEN.equations.names, cell.equations
    return [n for n in equations if n not in usual and "shared" not in equations[n].flags]
