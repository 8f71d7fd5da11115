"""What windows leave open: the conditional entropy of counts or probabilities, for tests of floors."""

from collections import Counter
from math import log


def open_after(weights):
    """H(answer | window) in nats of {(window, answer): weight}."""
    total, windows = sum(weights.values()), Counter()
    for (window, _), weight in weights.items():
        windows[window] += weight
    return -sum(weight / total * log(weight / windows[window]) for (window, _), weight in weights.items())
