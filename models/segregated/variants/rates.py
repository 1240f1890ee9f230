"""Rates in the place of spikes, and somata without a time constant: the network that Lange ran.

Lange (2019) took the paper's network in the authors' mode without spikes: a dendrite is the
weighted sum of the rates of its cells, a soma is at its steady state, and so two steps a phase are
enough, the second for feedback. A cell tells others by how much its rate has changed, when it has.

Source: Lange (2019), who ran the authors' code so.

Expect: what the rule learns without the noise of spikes, at a fortieth of the steps. With the wide
initial weights of the authors' later code (``--init 1``), as he had them, some 97 % of MNIST.
"""

from brian2 import ms

from models.engine.cell import Cell
from models.segregated import inputs, output, pyramidal
from models.segregated.parameters import Biophysics

SENDS = """
    sent                                                      : Hz    # rate that others know of
    change                                                    : Hz    # of the rate, told last
"""
TELL = """
    change = phi - sent
    sent = phi
"""
ABOUT = {"threshold": "phi != sent", "reset": TELL, "params": Biophysics()}
HEARD = {"basal": "psp_b_post += w*change_pre", "apical": "psp_a_post += w*change_pre"}
RATE = "s = phi                                               : Hz    # in the place of a train"


def without(parts):
    """Parts of a cell that has no spikes to filter."""
    return {name: text for name, text in parts.items() if name != "train"}


INPUT = Cell.of(
    without(inputs.PARTS) | {"heard": RATE, "sends": SENDS},
    inputs.MOMENTS | {"onset": "phi = phi_max*images(example*dt, i)\nsent = 0*Hz"},
    **ABOUT,
)
HIDDEN = Cell.of(
    without(pyramidal.PARTS)
    | {
        "soma": """
            V = k_b*V_b                                       : volt  # somatic potential
            phi = phi_max/(1 + exp(-V/mV))                    : Hz
        """,
        "coupling": "",
        "basal": """
            V_b = psp_b + b                                   : volt  # basal potential
            psp_b                                             : volt  # weighted sum of rates
            b                                                 : volt  # bias, learned
        """,
        "apical": pyramidal.RATE_FEEDBACK["apical"],
        "heard": RATE,
        "sends": SENDS,
    },
    pyramidal.MOMENTS | {"onset": "psp_b = 0*volt\npsp_a = 0*volt\nsent = 0*Hz"},
    synapses=HEARD,
    **ABOUT,
)
OUTPUT = Cell.of(
    without(output.PARTS)
    | {
        "soma": """
            V = (g_d*V_b + g_E*E_E + g_I*E_I)/(g_l + g_d + g_E + g_I) : volt  # somatic potential
            phi = phi_max/(1 + exp(-V/mV))                    : Hz
        """,
        "teaching": """
            g_E                                               : Hz    # on for the class taught
            g_I                                               : Hz    # on for all other classes
        """,
        "dendrite": """
            V_b = psp_b + b                                   : volt  # dendritic potential
            psp_b                                             : volt  # weighted sum of rates
            b                                                 : volt  # bias, learned
        """,
        "heard": RATE,
        "sends": SENDS,
    },
    output.MOMENTS,
    synapses={"basal": HEARD["basal"]},
    **ABOUT,
).then(moments={"onset": "psp_b = 0*volt\nsent = 0*Hz"})
PHASES = dict.fromkeys(("forward", "target", "test"), 2 * ms)
PHASES |= {"settle": 0 * ms, "window": 1 * ms, "random": False}
OPTIONS = {"clear": True}
