"""A threshold that each spike raises by 2 mV, in the place of a refractory period.

The threshold returns with a time constant of 27 ms; and a spike is in the dendrite at once, for
2 ms. Source: public simulations of Payeur et al. (2021). Background noise stays that of Naud &
Sprekeler (2018), where theirs comes through conductances.

Expect: the same division of labour (``burst_transfer``), with a few per cent fewer events.
"""

from brian2 import ms


def pyramidal(cell):
    """With a threshold that moves."""
    return cell.vary(
        parts={
            "threshold": """
                theta = V_T + m                                   : volt  # threshold
                dm/dt = -m/tau_m                                  : volt  # how far it has moved
            """
        },
        reset="m += 2*mV",
        params={"tau_ref": 0 * ms, "back_from": 0 * ms, "back_to": 2 * ms},
        constants={"tau_m": 27 * ms},
    )
