"""The circuit in plain NumPy, one hidden layer, step by step: mV, ms, and all rates in 1/ms.

Written from the equations alone; nothing comes from ``models``. Spikes are those that Brian2 drew.
A state has the names of the theory's (``V_PV_0``, ``W_SST_E_0``), in these units.
"""

import numpy as np

TAU_S, TAU_L, G_L, G_B, PHI_MAX, E_E, E_I = 3.0, 10.0, 0.1, 0.6, 0.2, 8.0, -8.0
K = G_B / (G_L + G_B)
P_0, P_1 = 20 / PHI_MAX, 20 / PHI_MAX**2
DECAY = {"PV": 8.0, "SST": 10.0, "VIP": 8.0}  # of the conductance that a class opens
BIAS = {"PV": -2.0, "SST": 0.0, "VIP": -4.0}
RATE = {"PV": 0.05, "SST": 0.03, "VIP": 0.1}  # at which it is G on average
DYNAMIC = {"PV": (0.9, 20.0, 1000.0), "SST": (0.02, 100.0, 100.0)}  # U, tau_D, tau_F; F is 0.1
KINDS = ("PV", "SST", "VIP")
USUAL = {  # as in the theory's options
    **{"g_ap": 0.5, "g_a": 0.0, "G_S": 5.0, "theta_p": 0.25, "E_PV": -8.0, "E_SST": 0.0},
    **{"G_PE": 0.6, "G_PP": 0.2, "G_VS": 2.0, "G_SV": 0.2, "G_SP": 0.0, "G_VP": 0.0},
    **{"W_PE": 80.0, "W_SE": 10.0, "W_VE": 0.0, "W_PX": 0.0, "T_p": 20, "T_ref": 50},
    **{"forward_ms": 100, "target_ms": 100, "settle_ms": 30, "volley_ms": 50},
}
# (from, onto) -> the conductance at the standard rate.
INHIBITS = {
    **{("PV", "E"): "G_PE", ("PV", "PV"): "G_PP", ("SST", "E"): "G_S", ("SST", "PV"): "G_SP"},
    **{("SST", "VIP"): "G_SV", ("VIP", "PV"): "G_VP", ("VIP", "SST"): "G_VS"},
}


def sigma(x):
    return 1 / (1 + np.exp(-x))


def towards(V, pulls):
    """A potential after a step in which conductances pull it: exact, if these are constant."""
    g = sum(one for one, _ in pulls)
    target = sum(one * E for one, E in pulls) / g
    return target + (V - target) * np.exp(-g)


def trace(s, x):
    """A filtered train and its rising part after a step: exact."""
    rise = (np.exp(-1 / TAU_L) - np.exp(-1 / TAU_S)) / (TAU_L - TAU_S)
    return s * np.exp(-1 / TAU_L) + x * rise, x * np.exp(-1 / TAU_S)


class Reference:
    """A network that goes through images.

    Parameters
    ----------
    state : dict of ndarray
    eta : (float, float)
    **options
        What differs from ``USUAL``.
    """

    def __init__(self, state, eta, **options):
        self.s = {name: np.array(value, float) for name, value in state.items()}
        self.eta, self.o = eta, USUAL | options
        self.n_p = self.s["n_p_hidden_0"].copy()
        self.taught = self.s["taught_hidden_0"].copy()
        self.V_a_bar = self.s["V_a_bar_hidden_0"].copy()

    def onset(self):
        """Pyramids to rest, their conductances and releases go on; a running plateau is lost."""
        s = self.s
        for name in ("V", "V_a", "V_fb", "x_a", "psp_b", "x_b", "s", "x"):
            s[f"{name}_hidden_0"][:] = 0
        for name in ("V", "psp_b", "x_b", "s", "x"):
            s[f"{name}_output"][:] = 0
        s["s_input"][:] = s["x_input"][:] = 0
        self.n_p[self.n_p > 0] = -1 - self.o["T_ref"]
        cells = len(self.n_p)
        self.alpha_f, self.alpha_t = np.full(cells, 0.5), np.full(cells, 0.5)
        self.d_alpha, self.learned = np.zeros(cells), np.zeros(cells)

    def image(self, label, spikes, M_from=50, ACh_from=150, A_VIP=1.0, lights=(0,) * 6):
        """One image; ``spikes`` are of each population, (steps, cells). Returns what happened."""
        o, s = self.o, self.s
        self.onset()
        steps, forward = [], o["forward_ms"]
        for k in range(forward + o["target_ms"]):
            now = k + 0.5
            M, ACh = (int(begin < now < begin + o["volley_ms"]) for begin in (M_from, ACh_from))
            lit = lights[4] < now < lights[5]
            light = {kind: lit * lights[n] for n, kind in enumerate(("E", *KINDS))}
            fired = {name: raster[k] for name, raster in spikes.items()}
            seen = self.step(fired, label if k >= forward else None, A_VIP * (M + ACh), light)
            steps.append(seen | self.plateaus(ACh))
        late = range(o["settle_ms"], forward)
        mean = {n: np.mean([steps[k][n] for k in late], axis=0) for n in steps[0] if n != "begins"}
        target = range(forward + o["settle_ms"], len(steps))
        phi_star = np.mean([steps[k]["phi_output"] for k in target], axis=0)
        slope_h, slope_o = (
            sigma(mean[f"V_{n}"]) * (1 - sigma(mean[f"V_{n}"])) for n in ("hidden_0", "output")
        )
        k_b = G_B / (G_L + G_B + o["g_a"])
        e_h = -k_b * PHI_MAX * self.d_alpha * slope_h
        e_o = -K * PHI_MAX * (phi_star - PHI_MAX * sigma(mean["V_output"])) * slope_o
        for m, (below, e, P) in enumerate((("input", e_h, P_0), ("hidden_0", e_o, P_1))):
            active = mean[f"s_{below}"] * (mean[f"s_{below}"] > 1e-6)
            s[f"W_{m}"] -= self.eta[m] * P * np.outer(active, e)
            s[f"b_{m}"] -= self.eta[m] * P * e
        alphas = {n: getattr(self, n).copy() for n in ("alpha_f", "alpha_t", "d_alpha", "learned")}
        return {"steps": steps, "phi_star": phi_star, "V_bar": mean["V_output"], **alphas}

    def step(self, fired, teach, drive, light):
        """One ms, from the input up; returns what cells hold at its end."""
        s, seen = self.s, {}
        for name in ("input", "hidden_0", *(f"{kind}_0" for kind in KINDS), "output"):
            move = {"input": self.input, "hidden_0": self.pyramid}.get(name, self.interneuron)
            if name == "output":
                self.output(teach)
            else:
                move(name, drive, light)
            self.send(name, fired[name])
        for name, value in s.items():
            if name[0] in "Vsg" and not name.startswith("sent"):
                seen[name] = value.copy()
        seen["phi_output"] = PHI_MAX * sigma(s["V_output"])
        seen["V_b_hidden_0"] = s["psp_b_hidden_0"] + s["b_0"]
        return seen

    def input(self, name, drive, light):
        self.s["s_input"], self.s["x_input"] = trace(self.s["s_input"], self.s["x_input"])

    def pyramid(self, name, drive, light):
        s, o = self.s, self.o
        get = {n: s[f"{n}_hidden_0"] for n in ("V", "V_a", "V_fb", "x_a", "psp_b", "x_b", "s", "x")}
        V_fb, x_a = trace(get["V_fb"], get["x_a"])
        psp, x_b = trace(get["psp_b"], get["x_b"])
        train, x = trace(get["s"], get["x"])
        g_PV = s["g_PV_hidden_0"] * np.exp(-1 / DECAY["PV"])
        g_SST = s["g_SST_hidden_0"] * np.exp(-1 / DECAY["SST"])
        for onto, (U, tau_D, tau_F) in DYNAMIC.items():
            u, R = s[f"u_{onto}_hidden_0"], s[f"R_{onto}_hidden_0"]
            s[f"u_{onto}_hidden_0"] = U + (u - U) * np.exp(-1 / tau_F)
            s[f"R_{onto}_hidden_0"] = 1 + (R - 1) * np.exp(-1 / tau_D)
        opsin = [(max(light["E"], 0), E_E), (max(-light["E"], 0), E_I)]
        pulls = [(G_L, 0), (G_B, psp + s["b_0"]), (o["g_a"], get["V_a"]), (g_PV, o["E_PV"])]
        V = towards(get["V"], pulls + opsin)
        V_a = towards(get["V_a"], [(o["g_ap"], V_fb), (g_SST, o["E_SST"])])
        new = (V, V_a, V_fb, x_a, psp, x_b, train, x)
        s.update({f"{n}_hidden_0": value for n, value in zip(get, new, strict=True)})
        s["g_PV_hidden_0"], s["g_SST_hidden_0"] = g_PV, g_SST

    def interneuron(self, name, drive, light):
        s, kind = self.s, name[:-2]
        g_I = max(-light[kind], 0)
        for source in KINDS:
            s[f"g_{source}_{name}"] = s[f"g_{source}_{name}"] * np.exp(-1 / DECAY[source])
            g_I = g_I + s[f"g_{source}_{name}"]
        V_d = BIAS[kind]
        for source in "EX":
            pair = (s[f"{part}_{source}_{name}"] for part in "sx")
            s[f"s_{source}_{name}"], s[f"x_{source}_{name}"] = trace(*pair)
            V_d = V_d + self.o.get(f"W_{kind[0]}{source}", 0) * s[f"s_{source}_{name}"]
        g_E = max(light[kind], 0) + drive * (kind == "VIP")
        s[f"V_{name}"] = towards(s[f"V_{name}"], [(G_L, 0), (G_B, V_d), (g_E, E_E), (g_I, E_I)])

    def output(self, teach):
        s = self.s
        s["psp_b_output"], s["x_b_output"] = trace(s["psp_b_output"], s["x_b_output"])
        s["s_output"], s["x_output"] = trace(s["s_output"], s["x_output"])
        pulls = [(G_L, 0), (G_B, s["psp_b_output"] + s["b_1"])]
        if teach is not None:
            pulls.append((1.0, np.where(np.arange(len(s["b_1"])) == teach, E_E, E_I)))
        s["V_output"] = towards(s["V_output"], pulls)

    def send(self, name, fired):
        """What the spikes of a population do to itself and to others."""
        s, o = self.s, self.o
        if name in ("input", "hidden_0", "output"):  # a spike counts from the end of this step
            rise, fall = trace(0.0, 1.0)
            s[f"s_{name}"] = s[f"s_{name}"] + rise * fired
            s[f"x_{name}"] = s[f"x_{name}"] + fall * fired
        if name == "input":
            s["x_b_hidden_0"] = s["x_b_hidden_0"] + fired @ s["W_0"]
            s["x_X_PV_0"] = s["x_X_PV_0"] + fired @ s.get("W_X_PV_0", np.zeros((len(fired), 1)))
        elif name == "output":
            s["x_a_hidden_0"] = s["x_a_hidden_0"] + fired @ s["Y_0"]
        elif name == "hidden_0":
            s["x_b_output"] = s["x_b_output"] + fired @ s["W_1"]
            sent = {"VIP": 1.0}
            for onto in DYNAMIC:
                u, R = s[f"u_{onto}_hidden_0"], s[f"R_{onto}_hidden_0"]
                sent[onto] = u * R
                s[f"R_{onto}_hidden_0"] = R - fired * u * R
                s[f"u_{onto}_hidden_0"] = u + fired * 0.1 * (1 - u)
            for onto, released in sent.items():
                if f"W_E_{onto}_0" in s:
                    s[f"x_E_{onto}_0"] = (
                        s[f"x_E_{onto}_0"] + (fired * released) @ s[f"W_E_{onto}_0"]
                    )
        else:
            kind = name[:-2]
            for (source, onto), G in INHIBITS.items():
                if source == kind and f"W_{source}_{onto}_0" in s:
                    target = "hidden_0" if onto == "E" else f"{onto}_0"
                    size = o[G] / (RATE[kind] * DECAY[kind])
                    s[f"g_{kind}_{target}"] = (
                        s[f"g_{kind}_{target}"] + size * fired @ s[f"W_{source}_{onto}_0"]
                    )

    def plateaus(self, ACh):
        """Plateaus begin, go on and end; returns which began."""
        o, s = self.o, self.s
        begins = (s["g_SST_hidden_0"] < o["theta_p"] * o["G_S"]) & (self.n_p == -1)
        self.n_p[begins], self.V_a_bar[begins], self.taught[begins] = o["T_p"], 0, ACh
        runs = self.n_p > 0
        self.V_a_bar += s["V_a_hidden_0"] / o["T_p"] * runs
        self.n_p += (self.n_p < -1) * 1.0 - runs
        ends = self.n_p == 0
        alpha = sigma(self.V_a_bar)
        teaches, keeps = ends & (self.taught == 1), ends & (self.taught == 0)
        self.d_alpha[teaches] += (alpha - self.alpha_f)[teaches]
        self.alpha_t[teaches] = alpha[teaches]
        self.alpha_f[keeps] = alpha[keeps]
        self.learned[teaches] += 1
        self.n_p[ends] = -1 - o["T_ref"]
        return {"begins": begins, "ends": ends}
