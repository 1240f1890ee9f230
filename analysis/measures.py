"""What the measures of the pages are called in tables. A measure that is not here is not shown."""

from typing import NamedTuple


class Measure(NamedTuple):
    """A measure in a table."""

    text: str  # what it is, with its unit
    counted: str = ""  # what its number counts
    key: bool = False  # whether it stands in the short table
    below: bool = False  # whether the paper's number is a bound that it lies below


TESTS = "tests after an epoch each"
TIMES = "early", "late", "throughout"
HUNDREDS, THOUSANDS = "means of 100 images", "means of 1,000 images"
MEASURES = {
    "test_error": Measure("test error (%)", "tests of one network"),
    "training_error": Measure("the same, training images (%)", "images"),
    "test_error_last_epochs": Measure("the same, last ten epochs (%)", TESTS),
    "test_error_of_seeds": Measure("test error (%)", "networks"),
    "apical_share_printed_hidden_0": Measure("share of the steady $V^a$, 30 to 50 ms"),
    "apical_share_best_hidden_0": Measure("share of the steady $V^a$, 60 to 80 ms"),
    "apical_share_best_deep_hidden_0": Measure("share of the steady $V^a$, 75 to 95 ms"),
    "gain_apical": Measure("gain from apical dendrite to soma"),
    "target_rate_taught": Measure("rate of the taught output cell (Hz)", "images"),
    "target_rate_others": Measure("rate of the other output cells (Hz)", "images"),
    "loss_correlation_digit_2": Measure("r of both losses, digit 2", "images", key=True),
    "loss_correlation": Measure("r of both losses", "digits"),
    "loss_correlation_shuffled": Measure("r of random pairs", "digits"),
    "loss_correlation_shuffled_activity": Measure("r, forward activity shuffled", "digits"),
    "largest_eigenvalue_start": Measure(
        "largest eigenvalue, before learning", "mean of 100 images", below=True
    ),
    "largest_eigenvalue_min": Measure("largest eigenvalue, at its least", HUNDREDS, below=True),
    "largest_eigenvalue_end": Measure(
        "largest eigenvalue, at the epoch's end", HUNDREDS, key=True, below=True
    ),
    "largest_eigenvalue_of_1000_min": Measure(
        "largest eigenvalue, at its least", THOUSANDS, below=True
    ),
    "largest_eigenvalue_of_1000_end": Measure(
        "largest eigenvalue, at the epoch's end", "mean of 1,000 images", key=True, below=True
    ),
    "theorem_1_holds": Measure("Theorem 1's inequality holds (share)", "images"),
    "theorem_1_holds_plateaus": Measure(
        "the same, with the plateaus learned from (share)", "images"
    ),
    "eigenvalue_below_1": Measure("eigenvalue below 1 (share)", "images"),
    "knn_accuracy": Measure("5 nearest neighbours agree (%)", "images", key=True),
    "angle_spiking_start": Measure("angle to backprop, first 100 images (degrees)", "images"),
    "angle_spiking_min": Measure(
        "angle to backprop, least mean of 1,000 images (degrees)", "images", key=True
    ),
    "angle_spiking": Measure("angle to backprop, last epoch (degrees)", "images", key=True),
    "angle_rate_start": Measure("angle to backprop, first 100 images (degrees)", "images"),
    "angle_rate_min": Measure(
        "angle to backprop, least mean of 1,000 images (degrees)", "images", key=True
    ),
    "angle_rate": Measure("angle to backprop, last epoch (degrees)", "images", key=True),
    "field_similarity": Measure("r with the most similar field of backprop", "cells", key=True),
    "field_similarity_shuffled": Measure("the same, pixels shuffled", "cells"),
    "epsp_change_early": Measure("change of the EPSP, apical input early (%)", "cells", key=True),
    "epsp_change_late": Measure("change of the EPSP, apical input late (%)", "cells", key=True),
    "sign_change_ms": Measure("where the change turns its sign (ms)", "cells"),
    "angle": Measure("angle to backprop, or of $W^T$ and $B$ (degrees)", "networks", key=True),
    "error_100": Measure("squared error / $|T x|^2$, 100 examples", "networks"),
    "error_2000": Measure("squared error / $|T x|^2$, 2,000 examples", "networks"),
    "angle_2000": Measure("angle to backprop, 2,000 examples (degrees)", "networks"),
    "angle_to_pseudo_2000": Measure("angle to pseudobackprop, 2,000 examples", "networks"),
    "lambda_max_2000": Measure("least $\\lambda_{max}$, 2,000 examples", "networks", key=True),
    "normalised_error": Measure("squared error / variance", "networks", key=True),
    "targets_that_descend": Measure(
        "layer above comes nearer to its target (share of images)", "networks", key=True
    ),
    "targets_that_lower_the_loss": Measure(
        "loss falls with a layer at its target (share of images)", "networks"
    ),
    "inverse_loss": Measure("squared error of inverses", "networks"),
    "inverse_eigenvalue": Measure(
        "largest eigenvalue of inverses, single images", "networks", key=True
    ),
    "inverse_eigenvalue_below_1": Measure("the same below 1 (share of images)", "networks"),
    "validation_error": Measure("error on images held out (%)", "network"),
    "test_error_digits": Measure("test error, digits (%)", "networks"),
    "test_error_mnist": Measure("test error, MNIST (%)", "networks"),
    "test_error_kept": Measure("test error, states of test images kept (%)", "networks"),
    "relative_error": Measure("relative error, $\\beta$ = .001", "networks", key=True),
    "symmetric_error": Measure("the same, both signs of $\\beta$", "networks"),
    "steps_until_still_begun": Measure("steps until nothing moves, at the start", "images"),
    "steps_until_still_trained": Measure("steps until nothing moves, trained", "images"),
    "ratio": Measure("CPU time / that of hand-written C++", "pairs", key=True),
    "deviation": Measure("largest deviation from its closed form (%)", "lags"),
    "correlation": Measure("r with its closed form", "pairs of spikes", key=True),
    "coefficient_post": Measure("weight change by a ramp of the post rate (ms$^2$)", "synapses"),
    "coefficient_pre": Measure("weight change by a ramp of the pre rate (ms$^2$)", "synapses"),
    "asymmetry": Measure("$|W - V^T|/|W|$", "networks", key=True),
    "angle_as_trained_W_0": Measure("angle to backprop, $W_0$ (degrees)", "images"),
    "angle_as_trained_W_1": Measure("angle to backprop, $W_1$ (degrees)", "images"),
    "angle_as_trained_W_2": Measure("angle to backprop, $W_2$ (degrees)", "images"),
    "suppression": Measure("$|v_A|^2$ at first / after 200 patterns", "networks", key=True),
    "free_error_left": Measure(
        "free error after 150 presentations / at first", "networks", key=True
    ),
    "test_mse": Measure("squared error of rates", "networks", key=True),
    "IP_distance": Measure("$W_{IP}$ to its own (relative)", "networks"),
    **{
        f"{name}_{m}": Measure(f"{text}, layer {m}", "networks")
        for name, text in (
            ("update_angle", "angle of the update to backprop (degrees)"),
            ("taught_angle", "the same, less what is learned without a target"),
            ("feedback_angle", "angle of feedback to transposed weights (degrees)"),
            ("apical_residual", "apical potential left without a target (share)"),
        )
        for m in range(3)
    },
    "feedback_angle": Measure("angle of feedback to transposed weights (degrees)", "networks"),
    "accuracy": Measure("answers that were right (trials: %; images: share)", "networks", key=True),
    "peak": Measure("peak of the potential / weight"),
    "peak_time": Measure("the peak's time (ms)"),
    **{
        f"{name}_{t}s": Measure(f"{text}, {t} s", "networks", key=name == "J" and t == 250)
        for t in (50, 250, 500)
        for name, text in (
            ("J", "J (1: silence)"),
            ("rms", "root of the mean square of the error"),
            ("exact", "exact sequences (share)"),
        )
    },
    "J": Measure("J (1: silence), at the end", "networks", key=True),
    "correlation_dots": Measure("r with the picture, bins of a column", "networks"),
    "rate_hidden": Measure("rate of hidden cells (Hz)", "networks"),
    **{
        f"angle_{kind}_W_{m}": Measure(
            f"angle to steepest descent, {text}, $W_{m}$", "mini-batches"
        )
        for kind, text in (("ignored", "resets ignored"), ("cut", "cut by resets"))
        for m in range(3)
    },
    **{
        f"lambda_{kind}_W_{m}": Measure(f"{text}, $W_{m}$", "networks", key=kind == "angle")
        for kind, text in (
            ("angle", "angle to backprop (degrees), $\\lambda$ = .1"),
            ("slope", "slope of its logarithm by that of $\\lambda$"),
        )
        for m in range(3)
    },
    **{
        f"distance_after_{times}_sweeps": Measure(
            f"distance of potentials (%), {times} sweep{'s' * (times > 1)}",
            "layers",
            key=times == 1,
        )
        for times in (1, 2, 3)
    },
    **{
        f"untaught_by_taught_{kind}{name}": Measure(
            f"what untaught patterns change / taught ones, {text}{symbol}",
            "networks",
            key=name == "W_1" and not kind,
        )
        for kind, text in (("", ""), ("drift_", "mean of all, "))
        for name, symbol in (
            ("W_0", "$W_0$"),
            ("W_1", "$W_1$"),
            ("IP_0", "$W_{IP}$"),
            ("PI_0", "$W_{PI}$"),
        )
    },
    "unexplained": Measure("squared error of top-down prediction / variance", "networks", key=True),
    "feedback_angle_between": Measure(
        "angle of $W_{TD}$ to $W^T$, between outputs (degrees)", "networks"
    ),
    "lateral": Measure("$|W_{PI} + W_{TD}|/|W_{TD}|$", "networks"),
    **{
        f"crossing_{line}": Measure(f"where weights cease to fall ({text})", "sets of 20")
        for line, text in (
            ("15", "Hz, $\\bar P$ 15 %"),
            ("30", "Hz, $\\bar P$ 30 %"),
            ("50", "Hz, $\\bar P$ 50 %"),
            ("5", "% bursts, events at 5 Hz"),
            ("10", "% bursts, events at 10 Hz"),
        )
    },
    **{
        f"slope_{kind}{rate}": Measure(
            f"slope of the change by burst probability{text}, events at {rate} Hz",
            "" if kind else "sets of 20",
            key=not kind,
        )
        for rate in (5, 10)
        for kind, text in (("", ""), ("closed_", ", closed form"))
    },
    "weight_change": Measure("change of the mean weight (%)", "networks", key=True),
    "burst_probability": Measure("burst probability (%)", "networks"),
    "r_mean_rates": Measure("r of weight changes with those of mean rates", "networks", key=True),
    "slope_mean_rates": Measure("weight changes / those of mean rates", "networks"),
    **{
        f"r_{name}": Measure(f"r of {text}", "networks", key=key)
        for name, text, key in (
            ("event_rate", "event rate with $I_s$", True),
            ("burst_probability", "burst probability with $I_d$", True),
            ("event_rate_raw", "event rate with $I_s$ as it is", False),
            ("burst_probability_raw", "burst probability with $I_d$ as it is", False),
            ("event_rate_filtered", "event rate with $I_s$ filtered, 120 ms", False),
            ("event_rate_dendrite", "event rate with $I_d$", True),
            ("burst_probability_soma", "burst probability with $I_s$", True),
            ("firing_rate", "firing rate with $I_s$", False),
            ("firing_rate_dendrite", "firing rate with $I_d$", False),
            ("STD_events", "STD drive with event rate", True),
            ("STF_bursts", "STF drive with burst rate", True),
            ("STD_soma", "STD drive with $I_s$", False),
            ("STD_dendrite", "STD drive with $I_d$", False),
            ("STF_soma", "STF drive with $I_s$", False),
            ("STF_dendrite", "STF drive with $I_d$", True),
            ("ratio_soma", "STF/STD with $I_s$", False),
            ("ratio_dendrite", "STF/STD with $I_d$", True),
            ("ratio_probability", "STF/STD with burst probability", False),
            ("PV_events", "PV rate with event rate", True),
            ("PV_bursts", "PV rate with burst rate", False),
            ("SOM_bursts", "SOM rate with burst rate", True),
            ("SOM_events", "SOM rate with event rate", False),
            ("SOM_soma", "SOM rate with $I_s$", False),
            ("SOM_dendrite", "SOM rate with $I_d$", True),
            ("cells_ratio_soma", "SOM/PV with $I_s$", False),
            ("cells_ratio_dendrite", "SOM/PV with $I_d$", True),
            ("cells_probability", "burst probability of what they hear with $I_d$", False),
        )
    },
    **{
        f"{kind}_{name}": Measure(f"r of {text}{when}", "networks", key=kind == "r")
        for name, text in (
            ("BP_2", "$BP_2$ with $I_d$"),
            ("ER_1", "$ER_1$ with $I_s$"),
            ("ER_2", "$ER_2$ with $ER_1$"),
            ("BP_1", "$BP_1$ with $BR_2$"),
        )
        for kind, when in (("r", ""), ("now", ", at once"))
    },
    "r_BP_2_soma": Measure("r of $BP_2$ with $I_s$, at once", "networks"),
    "r_BP_1_partial": Measure("r of $BP_1$ with $BR_2$, without $ER_1$", "networks", key=True),
    "event_rate": Measure("event rate (Hz)", "networks"),
    "rate_per_100_pA": Measure("rise of event rate (Hz per 100 pA)", "networks", key=True),
    "probability_by_soma": Measure("burst probability, range by $I_s$ (%)", "networks", key=True),
    "probability_by_dendrite": Measure("burst probability, range by $I_d$ (%)", "networks"),
    "largest_rate": Measure("event rate, largest difference from an independent program (%)"),
    "largest_probability": Measure("burst probability, the same (%)"),
    "steepest": Measure("steepest rise of burst probability (% per 100 pA)", "networks", key=True),
    "linear": Measure("$r^2$ of burst probability with a line in $I_d$", "networks"),
    "by_soma": Measure("burst probability, range by $I_s$ (%)", "networks", key=True),
    "bursts_by_soma": Measure("burst rate at 600 pA / at 200 pA into somata", "networks"),
    "rate_gain": Measure("rise of event rate, $I_d$ = 0 (Hz per 100 pA)", "networks"),
    "rate_gain_driven": Measure("the same, $I_d$ = 400 pA", "networks", key=True),
    "n_spikes": Measure("spikes", "cells", key=True),
    "highest_dendrite": Measure("highest dendritic potential (mV)", "cells"),
    "best_share": Measure("burst probability that tells most", key=True),
    "most_bits": Measure("bits in a window, at most"),
    "bits_off": Measure("bits, simulated from calculated"),
    "solved_share": Measure("solved after learning (share)", "networks", key=True),
    "solved_late": Measure("last 20 epochs that are solved (share)", "networks"),
    "cost": Measure("cross-entropy of four patterns", "networks"),
    "cost_before": Measure("the same before learning", "networks"),
    "margin": Measure("worst pattern, distance from 6 Hz on its own side (Hz)", "networks"),
    "cells_learning": Measure("cells that learn (share)", "networks", key=True),
    "latency": Measure("plateaus after the volley's begin (ms)", "networks", key=True),
    "latency_sd": Measure("the same, SD (ms)", "networks"),
    "half_in_time": Measure(
        "drive of VIP cells with which half of the cells learn (1/ms)", "networks", key=True
    ),
    "half_fire": Measure("the same, half have a plateau (1/ms)", "networks"),
    "d_alpha": Measure("$|\\alpha^t - \\alpha^f|$ of cells that learn", "networks"),
    "early": Measure("plateaus of a cell in an image, outside volleys", "networks"),
    "sd_slope": Measure("slope of the latency's SD by SST cells, logarithms", "networks", key=True),
    "rate_E": Measure("rate of pyramidal cells (Hz)", "networks"),
    "rate_PV": Measure("rate of PV cells (Hz)", "networks"),
    "rate_SST_lit": Measure("rate of SST cells in the volley (Hz)", "networks"),
    "feedback_ms": Measure(
        "how much later plateaus begin with light on E (ms)", "networks", key=True
    ),
    "steepness": Measure("slope of the rate by contrast, logarithms", "networks", key=True),
    **{
        f"test_error_contrast_{contrast}": Measure(f"test error, {text} contrast (%)", "networks")
        for contrast, text in (("0.5", "half the"), ("1", "usual"), ("2", "twice the"))
    },
    "apical_outside": Measure("size of $V_a$ outside volleys (mV)", "networks"),
    "apical_leak": Measure("its share in the soma (mV)", "networks", key=True),
    "test_error_last_five": Measure("test error, last five epochs (%)", "networks", key=True),
    "update_size": Measure(
        "update along the one without light (1: as large)", "networks", key=True
    ),
    "cos_imposed": Measure("cosine with the update by imposed plateaus", "networks", key=True),
    "size_imposed": Measure("update along that by imposed plateaus (1: as large)", "networks"),
    "epsp_change_between": Measure("change of the EPSP, input between volleys (%)", "cells"),
    "epsp_change_none": Measure("change of the EPSP, no apical input (%)", "cells"),
    "cpu_minutes": Measure("processor time of a network (minutes)", "networks"),
    "input_resistance": Measure("input resistance (per capacitance, ms)"),
    "membrane_time_constant": Measure("time constant of the soma (ms)"),
    "rate_at_rest_hz": Measure("rate without input (Hz)", key=True),
    "current_10_hz": Measure("current for 10 Hz (mV/ms)"),
    "current_half": Measure("current for half of the highest rate (mV/ms)"),
    "first_spike_ms": Measure("first spike after a step to 40 Hz (ms)"),
    "first_interval_ms": Measure("first interval (ms)"),
    "steady_interval_ms": Measure("steady interval (ms)"),
    "epsp_mv": Measure("peak after one spike of all pyramidal cells (mV)"),
    "epsp_peak_ms": Measure("the peak's time (ms)"),
    "released_first": Measure("released by the first spike, $u R$"),
    **{
        f"{name}_{rate}_hz": Measure(f"{text}, {rate} Hz", key=name == "release_ratio")
        for rate in (10, 20, 50)
        for name, text in (
            ("released", "released by a spike of a long train, $u R$"),
            ("release_ratio", "released in a long train / by the first spike"),
        )
    },
    "conductance_peak": Measure("conductance by one spike of all cells (1/ms)"),
    "conductance_rise_ms": Measure("its rise (ms)"),
    "conductance_decay_ms": Measure("its decay (ms)", key=True),
    "ipsp_mv": Measure("lowest potential after it, from rest (mV)"),
    "release_latency_ms": Measure("plateau after SST cells fall silent (ms)", key=True),
    "plateau_lasts_ms": Measure("a plateau lasts (ms)"),
    "plateau_again_ms": Measure("the next plateau begins after (ms)"),
    "rate_SST_hz": Measure("rate of SST cells (Hz)"),
    "rate_VIP_hz": Measure("rate of VIP cells (Hz)"),
    "sst_silent_ms": Measure("SST cells at half of their rate after a volley's begin (ms)"),
    "release_opens_ms": Measure("shunt below its threshold after a volley's begin (ms)", key=True),
    "plateau_begins_ms": Measure("plateaus after a volley's begin (ms)"),
    "release_closes_ms": Measure("shunt above its threshold after a volley's end (ms)"),
    "release_lasts_ms": Measure("shunt below its threshold, volley of 150 ms (ms)"),
    "release_threshold": Measure("shunt at which a plateau begins (1/ms)"),
    **{
        f"{data}{name}": Measure(text, "networks", key=name == "angle")
        for data in ("digits_", "", "fashion_")  # of MNIST where no data set is named
        for name, text in (
            ("cpu_ms_per_image", "CPU time of training (ms an image)"),
            ("operations_per_image", "synaptic operations (an image)"),
            ("spikes_per_image", "spikes (an image)"),
            ("footprint_bytes", "bytes of a checkpoint"),
            ("angle", "angle of the lowest layer to backprop (°)"),
            ("feedback_angle", "angle of feedback to forward weights (°)"),
            *((f"light_{when}", f"growth by light {when}, over usual changes") for when in TIMES),
        )
        if data or not name.endswith("angle")  # these are above
    },
    "digits_error": Measure("test error on the digits (%)", "networks", key=True),
    "mnist_error": Measure("test error on MNIST (%)", "networks", key=True),
    "fashion_error": Measure("test error on Fashion-MNIST (%)", "networks", key=True),
    **{
        f"digits_{depth}_{kind}": Measure(f"{text}, {depth} hidden layers", "networks")
        for depth in (2, 3)
        for kind, text in (
            ("error", "test error on the digits (%)"),
            ("angle", "angle of the lowest layer to backprop (°)"),
            ("feedback_angle", "angle of feedback to forward weights (°)"),
        )
    },
    "worst_accuracy": Measure("the lowest accuracy with one setting moved"),
    "median_accuracy": Measure("median accuracy", "points", key=True),
    "median_accuracy_low": Measure("lower end of its interval", "points"),
    "median_accuracy_high": Measure("upper end of its interval", "points"),
}
