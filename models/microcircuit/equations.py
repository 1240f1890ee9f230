"""What a cell does in a sweep, as statements for reading, with sums over cells left out.

What runs are the arrays of ``sweeps``.
"""

from models.microcircuit.cells import PHI

NOISE = " + pixel_noise*xi  # in learning; xi ~ N(0, 1)"


def equations(options):
    """Population -> name of a block -> statements."""

    def phi(u):
        return PHI[options.phi].format(u=u)

    drive = "v_B = W*r_below" + " + b" * options.thresholds
    up = f"{drive}\nu = a*v_B  # a = g_B/(g_lk + g_B + g_A); of the output, g_A = 0\nr = {phi('u')}"
    inter = "v_D = IP*r" + " + b_inter" * options.thresholds
    down = f"""
{inter}
u_inter = (g_D*v_D + g_som*u_above)/(g_lk + g_D + g_som)
r_inter = {phi("u_inter")}
v_A = TD*r_above + PI*r_inter{" + light" * bool(options.light)}
u = (g_B*v_B + g_A*v_A)/(g_lk + g_B + g_A)
r = {phi("u")}
"""
    hidden = {"up": up, "down": down, "learn": _learning(options, phi)}
    taught = f"u = (g_B*v_B + g_som*target)/(g_lk + g_B + g_som)\nr = {phi('u')}"
    learn = _rule("W", phi("(a*v_B)"), "r_below", options.thresholds)
    found = {"input": {"rate": "r = x" + NOISE * bool(options.pixel_noise)}} | dict.fromkeys(
        options.names[:-1], hidden
    )
    return found | {"output": {"up": up, "taught": taught, "learn": learn}}


def _learning(options, phi):
    lines = [_rule("W", phi("(a*v_B)"), "r_below", options.thresholds)]
    if any(options.eta_IP):
        error = f"e_IP = r_inter - {phi('(g_D/(g_lk + g_D)*v_D)')}"
        lines.append(f"{error}\nIP += eta_IP*lasts*e_IP*r  # mean over a mini-batch")
    if any(options.eta_PI):
        lines.append("PI += -eta_PI*lasts*v_A*r_inter")
    if any(options.eta_TD):
        lines.append(f"e_TD = r - {phi('(TD*r_above)')}\nTD += eta_TD*lasts*e_TD*r_above")
    return "\n".join(lines)


def _rule(kind, alone, source, thresholds):
    lines = [f"e_{kind} = r - {alone}"]
    lines.append(f"{kind} += eta_{kind}*lasts*e_{kind}*{source}  # mean over a mini-batch")
    return "\n".join(lines + [f"b += eta_{kind}*lasts*e_{kind}"] * thresholds)
