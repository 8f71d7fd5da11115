"""Format numbers for people: digits, true minus signs, infinities, percentages and counted nouns.

This module imports nothing else of the program, so every module may use it.
"""

from math import ceil, isfinite, isnan

MINUS = "−"  # U+2212, as wide as a plus sign


def with_minus(text: str) -> str:
    """Return the text with true minus signs in place of hyphens."""
    return text.replace("-", MINUS)


def no_number(value: float) -> str:
    """Return ``NaN``, ``∞`` or ``−∞``; empty for a finite number."""
    if isfinite(value):
        return ""
    return "NaN" if isnan(value) else "∞" if value > 0 else f"{MINUS}∞"


def finite_or_none(value: float | None) -> float | None:
    """Return the number; None if it is not finite or missing, since JSON has no such numbers."""
    return value if value is not None and isfinite(value) else None


def signed(value: float, digits: int = 2) -> str:
    """Return a number with ``digits`` decimals; one of 1e6 or more in scientific notation."""
    kind = "e" if isfinite(value) and abs(value) >= 1e6 else "f"
    return with_minus(f"{value:.{digits}{kind}}")


def significant(value: float, digits: int = 4, sign: str = "") -> str:
    """Return a number with ``digits`` significant digits; ``sign``: "+" puts a sign before positive numbers too."""
    return no_number(value) or with_minus(f"{value:{sign}.{digits}g}")


def brief(value: float) -> str:
    """Return three significant digits, such as 0.0123 or −4.1e−7; from 1,000 to 1e6 all digits before the point."""
    if 1000 <= abs(value) < 1e6:
        return with_minus(f"{value:,.0f}")
    mantissa, e, exponent = f"{value + 0.0:.3g}".partition("e")  # -0.0 becomes 0.0
    return no_number(value) or with_minus(f"{mantissa}{e}{int(exponent) if e else ''}")


def loss_text(value: float) -> str:
    """Return a loss in at most seven characters."""
    if not isfinite(value):
        return "NaN" if isnan(value) else "∞"
    if value != 0 and not 0.0001 <= abs(value) < 1000:
        text = f"{value:.1e}"
        return with_minus(text if len(text) <= 7 else f"{value:.0e}")
    decimals = 4 if abs(value) < 10 else 3 if abs(value) < 100 else 2
    return with_minus(f"{value:.{decimals}f}")


def spoken_loss(value: float) -> str:
    """Return a loss for a sentence: three decimals; scientific notation if it is below 0.0005 or at least 1e6."""
    if value and isfinite(value) and not 0.0005 <= abs(value) < 1e6:
        mantissa, exponent = f"{value:.1e}".split("e")
        return with_minus(f"{mantissa}e{int(exponent)}")
    return f"{value:.3f}" if value else "0"


def report_number(value: float | None) -> str:
    """Return four decimals for a table on a terminal; a dash for None.  Everything but the dash is ASCII."""
    if value is not None and not isfinite(value):
        return "not finite"
    return "–" if value is None else f"{value:.4f}" if abs(value) < 1e6 else f"{value:.4g}"


def difference(value: float | None) -> str:
    """Return a difference with its sign and four decimals, in at most eight characters; a dash if it is unknown."""
    if value is None or not isfinite(value):
        return "–"
    if abs(value) >= 10:
        return (MINUS if value < 0 else "+") + loss_text(abs(value))
    return with_minus(f"{value:+.4f}".replace("-0.0000", "+0.0000"))


def power_of_ten(exponent: int) -> str:
    """Return 10 to the ``exponent`` in a few characters."""
    return with_minus(f"1e{exponent}") if abs(exponent) > 1 else f"{10.0**exponent:g}"


def percent(share: float, digits: int = 1) -> str:
    """Return a share as ``99.9%``: 100% only if it is 1, and 0% only if it is 0."""
    least = 10.0 ** -(digits + 2)
    return f"{share if share in (0, 1) else min(max(share, least), 1 - least):.{digits}%}"


def counted(number: int, noun: str) -> str:
    """Return the number with its noun: ``1 line``, ``2,000 lines``."""
    return f"{number:,} {plural(noun, number)}"


def plural(noun: str, number: int) -> str:
    """Return the noun in the form that follows the number."""
    return noun if number == 1 else f"{noun}s"


def short_count(number: int) -> str:
    """Return a count in at most six characters: ``99,999``, ``100k``, ``10M``."""
    if number < 100_000:
        return f"{number:,}"
    return f"{number / 1e3:,.0f}k" if number < 9_999_500 else f"{number / 1e6:,.0f}M"


def duration(seconds: float) -> str:
    """Return a time as precise as an estimate is: ``7 s``, ``45 s``, ``3 min``, ``2 h 10 min``, ``5 days``."""
    if seconds <= 10:
        return f"{max(1, ceil(seconds))} s"
    if seconds <= 90:
        return f"{5 * round(seconds / 5)} s"
    minutes = round(seconds / 60)
    if minutes < 100:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 48 else f"{hours / 24:.0f} days"
