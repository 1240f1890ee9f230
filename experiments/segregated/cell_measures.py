"""What a physiologist measures on potentials and spike trains: pure functions on arrays."""

import numpy as np
from scipy.optimize import curve_fit


def exponential(t, V):
    """Fit of V = A (1 - exp(-t/tau)) to a step response: (A, tau), in the units of V and t.

    Shapes (steps,); nan where no such curve fits.
    """
    A = V[-1]
    risen = np.abs(V) > np.abs(A) * (1 - np.exp(-1))
    guess = (A, t[np.argmax(risen)])
    try:
        found, _ = curve_fit(lambda t, A, tau: A * (1 - np.exp(-t / tau)), t, V, guess)
    except RuntimeError:
        return np.nan, np.nan
    return tuple(found)


def peak(V):
    """The value of a response that is farthest from 0, with its sign; shape (steps,)."""
    return V[np.argmax(np.abs(V))]


def waveform(t, V):
    """Amplitude (with its sign), time to peak and half width of a response; shapes (steps,).

    The peak is that of a parabola through the highest sample and its neighbours; the flanks are
    interpolated. nan where there is no response, or where it does not fall to half its peak.
    """
    peak = int(np.argmax(np.abs(V)))
    if V[peak] == 0 or not 0 < peak < len(V) - 1:
        return V[peak], np.nan, np.nan
    before, top, after = V[peak - 1 : peak + 2]
    shift = 0.5 * (before - after) / (before - 2 * top + after)
    amplitude = top - 0.25 * (before - after) * shift
    dt, shape = t[1] - t[0], V / amplitude
    up, down = np.nonzero(shape[:peak] < 0.5)[0], np.nonzero(shape[peak:] < 0.5)[0]
    if not len(up) or not len(down):
        return amplitude, t[peak] + shift * dt, np.nan
    rise, fall = up[-1], peak + down[0] - 1
    first, last = (t[k] + dt * (shape[k] - 0.5) / (shape[k] - shape[k + 1]) for k in (rise, fall))
    return amplitude, t[peak] + shift * dt, last - first


def logistic(x, y):
    """Slope at the middle, and middle, of y = sigma((x - middle)/width) through points (n,).

    A straight line through log(y/(1-y)) in the middle part, so that y may end short of 0 and 1; nan
    if less than three points are there.
    """
    on = (y > 0.2) & (y < 0.8)
    if on.sum() < 3 or np.ptp(y[on]) == 0:
        return np.nan, np.nan
    slope, height = np.polyfit(x[on], np.log(y[on] / (1 - y[on])), 1)
    return slope / 4, -height / slope


def slope_at_0(x, y):
    """Slope of points (n,) between those next to x = 0 on both sides."""
    low, high = x[x < 0].max(), x[x > 0].min()
    return ((y[x == high] - y[x == low]) / (high - low))[0]


def intervals(spikes):
    """Steps between spikes of the same copy, for spikes in the first half: ndarray of int.

    Intervals are followed to the end, so that long ones are not missed. ``spikes`` is bool of shape
    (steps, copies).
    """
    copy, step = np.nonzero(spikes.T)
    same = np.diff(copy) == 0
    return np.diff(step)[same & (step[:-1] < len(spikes) / 2)]


def cv(intervals):
    """Coefficient of variation, SD/mean; nan for fewer than two."""
    return intervals.std(ddof=1) / intervals.mean() if len(intervals) > 1 else np.nan


def counts(spikes, window):
    """Spikes in windows of so many steps, (windows, copies), of bool (steps, copies)."""
    whole = len(spikes) // window * window
    return spikes[:whole].reshape(-1, window, spikes.shape[1]).sum(axis=1)


def fano(counts):
    """Variance over mean of spike counts, any shape; nan without spikes."""
    return counts.var(ddof=1) / counts.mean() if counts.any() else np.nan


def around_spikes(spikes, x, lags):
    """Mean of x at lags (steps) from a spike, less its mean at all times: shape (lags,).

    ``spikes`` (bool) and x have shape (steps, copies). nan without spikes.
    """
    first, last = max(0, -min(lags)), len(spikes) - max(0, max(lags))
    step, copy = np.nonzero(spikes[first:last])
    if not len(step):
        return np.full(len(lags), np.nan)
    return np.array([x[first + step + lag, copy].mean() for lag in lags]) - x.mean()
