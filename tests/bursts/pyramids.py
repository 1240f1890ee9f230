"""The bursting cell in NumPy, step by step, and currents that tests give it. pA, mV, ms."""

import numpy as np

DT, LASTS, ONSET = 0.1, 1100, 100
PROTOCOLS = {  # name -> I_s and how long, I_d and how long, all from 100 ms on
    "weak": (400, 1000, 0, 0),
    "five hundred": (500, 1000, 0, 0),
    "six hundred": (600, 1000, 0, 0),
    "six and two hundred": (600, 1000, 200, 1000),
    "pulse": (1500, 10, 0, 0),
    "dendrite": (0, 0, 300, 40),
    "both": (1500, 10, 300, 40),
    "dendrite 500": (0, 0, 500, 40),
    "dendrite 600": (0, 0, 600, 40),
    "both, 150": (1500, 10, 150, 40),
    "both, 200": (1500, 10, 200, 40),
}


def currents():
    """Of all protocols: two arrays of shape (ms, protocols)."""
    t = np.arange(LASTS)[:, None] - ONSET
    soma, soma_lasts, dendrite, dendrite_lasts = np.array(list(PROTOCOLS.values())).T
    on = (t >= 0) & (t < soma_lasts), (t >= 0) & (t < dendrite_lasts)
    return soma * on[0], dendrite * on[1]


def stepped(soma, dendrite, steps_per_ms=10):
    """Potentials and spikes of cells without background: arrays of shape (steps, cells).

    Equations of Naud & Sprekeler (2018), Euler; adaptation decays exactly, and first.
    """
    cells = soma.shape[1]
    V_s, V_d, w_s, w_d = (
        np.full(cells, -70.0),
        np.full(cells, -70.0),
        np.zeros(cells),
        np.zeros(cells),
    )
    last = np.full(cells, -(10**6))  # step of the last spike
    found = [], [], []
    for step in range(len(soma) * steps_per_ms):
        I_s, I_d = soma[step // steps_per_ms], dendrite[step // steps_per_ms]
        since = step - last
        f = 1 / (1 + np.exp((-38 - V_d) / 6))
        back = (since >= 5) & (since < 25)
        w_s = w_s * np.exp(-DT / 100)
        to_s = (-70 - V_s) / 16 + (1300 * f + w_s + I_s) / 370
        to_d = (-70 - V_d) / 7 + (1200 * f + 2600 * back + w_d + I_d) / 170
        w_d = w_d + DT / 30 * (-13 * (V_d + 70) - w_d)
        V_s = V_s + DT * to_s * (since > 30)
        V_d = V_d + DT * to_d
        fires = V_s > -50
        V_s, w_s = np.where(fires, -70, V_s), w_s - 200 * fires
        last = np.where(fires, step, last)
        for kept, values in zip(found, (V_s, V_d, fires), strict=True):
            kept.append(values)
    return tuple(np.array(values) for values in found)


def sent(times, U, tau_D, tau_F, F=0.1):
    """What a dynamic synapse sends at each of the spikes (ms), by the recursion."""
    u, R, before, found = U, 1.0, None, []
    for t in times:
        if before is not None:
            u = U + (u - U) * np.exp(-(t - before) / tau_F)
            R = 1 + (R - 1) * np.exp(-(t - before) / tau_D)
        found.append(u * R)
        R, u, before = R - u * R, u + F * (1 - u), t
    return np.array(found)
