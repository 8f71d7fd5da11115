"""Elementary functions that give the same bits on every machine, for data.

NumPy's sine, logarithm, power and normal deviates come from a vector library or the C library: their last bit depends
on the CPU, the compiler and the version.  This module uses only +, −, ×, ÷ and √, which IEEE 754 rounds correctly, one
NumPy operation each, so that no compiler fuses two of them, and exact operations such as rounding to whole numbers.
"""

from math import factorial, pi

import numpy as np

from rnn_tui.engine.parameters import Array

SINE = [(-1) ** k / factorial(2 * k + 1) for k in range(11)]  # up to θ^21: the remainder is below 2e-18 at θ = π/2
ATANH = [2 / (2 * k + 1) for k in range(12)]  # up to f^23: the remainder is below 1e-19 at f = 3 - 2√2
LN_2 = 0.6931471805599453
SQRT_HALF = 0.7071067811865476

# Numerators and denominators of the rational approximations of Wichura 1988, the constant term first.
CENTER = (
    (3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
     4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3),
    (1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3),
)  # fmt: skip
TAIL = (
    (1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
     1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4),
    (1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9),
)  # fmt: skip
FAR_TAIL = (
    (6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
     2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7),
    (1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15),
)  # fmt: skip


def uniform(rng: np.random.Generator, low: float, high: float, *shape: int) -> Array:
    """Return numbers drawn uniformly from [low, high).  ``Generator.uniform`` is one C expression that may be fused."""
    return np.asarray(low + (high - low) * rng.random(shape))


def standard_normal(rng: np.random.Generator, *shape: int) -> Array:
    """Return normal deviates with mean 0 and standard deviation 1, each from one uniform number by inversion."""
    return normal_quantile(rng.random(shape) - 0.5 + 2.0**-54)  # an odd multiple of 2^-54: exact, and never at an end


def sine(turns: Array) -> Array:
    """Return sin 2πx for x turns, within 4e-16; whole turns add no error except the rounding of x.  Any shape."""
    x = turns - np.rint(turns)  # exact, within half a turn
    distance = np.abs(x)
    theta = np.copysign(2 * pi * np.minimum(distance, 0.5 - distance), x)  # within a quarter
    return np.asarray(theta * polynomial(theta * theta, SINE))


def log(x: Array) -> Array:
    """Return ln x of positive numbers, within three units in the last place.  Any shape.

    x = m 2^e with m between √½ and √2, and with f = (m − 1) / (m + 1), ln m = 2 artanh f = 2 (f + f³/3 + f⁵/5 + …).
    """
    m, e = np.frexp(x)
    small = m < SQRT_HALF
    m, e = np.where(small, 2 * m, m), e - small
    f = (m - 1) / (m + 1)
    return np.asarray(e * LN_2 + f * polynomial(f * f, ATANH))


def normal_quantile(q: Array) -> Array:
    """Return the (½ + q)-quantile of the standard normal distribution, for q within (−½, ½).  Any shape.

    Wichura 1988, "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37, PPND16:
    about sixteen digits.  The argument is centered, so that both tails have the same resolution.
    """
    found = np.asarray(q * rational(0.180625 - q * q, CENTER))
    tails = np.abs(q) > 0.425
    if tails.any():
        side = q[tails]
        r = np.sqrt(-log(0.5 - np.abs(side)))
        z = rational(r - 1.6, TAIL)
        far = r > 5  # probability 3e-11
        if far.any():
            z[far] = rational(r[far] - 5, FAR_TAIL)
        found[tails] = np.copysign(z, side)
    return found


def rational(x: Array, coefficients: tuple[tuple[float, ...], tuple[float, ...]]) -> Array:
    """Return the quotient of two polynomials at x.  Any shape."""
    above, below = coefficients
    return np.asarray(polynomial(x, above) / polynomial(x, below))


def polynomial(x: Array, coefficients: list[float] | tuple[float, ...]) -> Array:
    """Return c_0 + c_1 x + c_2 x² + …, by Horner's rule.  Any shape."""
    *lower, highest = coefficients
    value = np.full_like(x, highest)
    for coefficient in reversed(lower):
        value *= x
        value += coefficient
    return value
