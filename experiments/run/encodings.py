"""How images are shown to input cells: what each of them encodes.

An encoding is a function of images of shape (n, channels, pixels), with values from 0 to 1 and the
channels red, green, blue (or one, grey), and gives the inputs, of shape (n, inputs), from 0 to 1:
the rate of each input cell, of the highest rate. Each image is encoded by itself.
"""

import numpy as np

from experiments.run.dataset import PARTS, PIXEL, DataError

USUAL = "pixels"
COLOURS = 3
LUMA = 0.299, 0.587, 0.114  # of red, green and blue in grey
LEVEL = 1 / 255  # of a byte: an SD below it is no contrast
CLIP = 2  # SDs
AT_ONCE = 1000  # images


def rgb(images):
    """Red, green and blue of all pixels: 3 x pixels inputs.

    As in Lange (2019), who showed CIFAR-10 so. All pixels of a bright image are bright in all three
    colours: on average .45 of the highest rate.
    """
    return images.reshape(len(images), -1)


def grey(images):
    """Lightness: pixels inputs.

    .299 R + .587 G + .114 B (ITU-R BT.601); of images without colour, they themselves.
    """
    return images[:, 0] if images.shape[1] == 1 else np.einsum("c,ncp->np", LUMA, images)


def on_off(images):
    """Contrast of lightness: 2 x pixels inputs, first all on cells, then all off cells.

    Lightness minus its mean over the image, divided by its SD over the image, clipped at 2 SDs, and
    divided by 2; on cells have its positive part and off cells the absolute value of the negative
    one, as cells of retina and LGN. What is common to all pixels is gone. About .2 of the highest
    rate (.195 if lightness were normal). An SD of less than one level of a byte, 1/255, counts as
    that: so a picture of one shade is silent, and is not made of its rounding errors.
    """
    return _halves(grey(images))


def colour_opponent(images):
    """Contrast of lightness and of two pairs of colours: 6 x pixels inputs.

    Each as ``on_off``, one after the other: lightness (``grey``), red-green, R - G, and
    blue-yellow, (R + G)/2 - B. Each of the three is divided by an SD of its own, so that in a pale
    image colours are as strong as lightness, and as in a vivid one. The axes are the simplest of
    those used for opponent cells of retina and LGN (Hurvich & Jameson 1957).
    """
    red, green, blue = (images[:, k] for k in range(COLOURS))
    pairs = grey(images), red - green, (red + green) / 2 - blue
    return np.concatenate([_halves(one) for one in pairs], axis=1)


def _halves(values):
    """Standardised within each image, clipped, and split in a positive and a negative half."""
    values = values - values.mean(axis=1, keepdims=True)
    values /= np.maximum(values.std(axis=1, keepdims=True), LEVEL)
    return np.concatenate([np.clip(half / CLIP, 0, 1) for half in (values, -values)], axis=1)


ENCODINGS = {"rgb": rgb, "grey": grey, "on-off": on_off, "colour-opponent": colour_opponent}
OF_COLOUR = ("rgb", "colour-opponent")


def encode(name, images, channels):
    """Images as a network is shown them.

    Parameters
    ----------
    name : str
        Of ``ENCODINGS``, or "pixels": as they are.
    images : ndarray of float32, shape (n, channels x pixels)
        Values from 0 to 1, all of one channel after the other.
    channels : int
        3 of images with colour, 1 of those without.

    Returns
    -------
    ndarray of float32, shape (n, inputs)

    Raises
    ------
    DataError
        If these images have no colour and the encoding is one of colours, or have other channels.
    """
    if name == USUAL:
        return images
    if channels == 1 and name in OF_COLOUR:
        raise DataError(
            f"--encoding {name}: these images have no colour: grey and on-off are for them"
        )
    if channels not in (1, COLOURS):
        raise DataError(
            f"--encoding {name}: these images have {channels} channels: colour images are of shape "
            f"({COLOURS}, rows, columns)"
        )
    if name == "rgb":
        return images
    parts = images.reshape(len(images), channels, -1), ENCODINGS[name]
    inputs = parts[1](np.zeros((1, *parts[0].shape[1:]))).shape[1]
    found = np.empty((len(images), inputs), PIXEL)
    for start in range(0, len(images), AT_ONCE):  # whose double precision would fill the memory
        few = slice(start, start + AT_ONCE)
        found[few] = parts[1](parts[0][few].astype(float))
    return found


def encoded(data, name):
    """A data set whose images are encoded; DataError as ``encode``, and for spike trains."""
    if name == USUAL:
        return data
    if data.trains:
        raise DataError(f"--encoding {name}: it is for images, and these are spike trains")
    sets = {f"{part}_images": getattr(data, f"{part}_images") for part in PARTS}
    sets = {key: encode(name, images, data.channels) for key, images in sets.items()}
    pixels = data.train_images.shape[1] // data.channels
    return data._replace(**sets, channels=sets["train_images"].shape[1] // pixels)
