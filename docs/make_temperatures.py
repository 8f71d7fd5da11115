"""Write presets/data/temperatures.csv: four years of daily mean temperatures of a place that does not exist.

    python docs/make_temperatures.py

The temperature of a day is season + weather + noise. The season is a sine over the year. The weather is a deviation
that lasts for some days (autoregressive, order 1). The noise is independent for each day, so it tells nothing about the
next day.
"""

import csv
from pathlib import Path

import numpy as np

DAYS = 4 * 365 + 1
SEED = 1990
MEAN, SWING = 9.0, 9.0  # °C
COLDEST = 20  # day of the year
PERSISTENCE, SHOCK = 0.85, 2.0  # correlation of the weather from day to day; standard deviation of its daily change
NOISE = 1.5  # standard deviation


def temperatures(rng: np.random.Generator) -> np.ndarray:
    """Return (DAYS,) temperatures in °C, rounded to one decimal."""
    day = np.arange(DAYS)
    season = MEAN - SWING * np.cos(2 * np.pi * (day - COLDEST) / 365.25)
    weather = np.zeros(DAYS)
    for today in range(1, DAYS):
        weather[today] = PERSISTENCE * weather[today - 1] + SHOCK * rng.standard_normal()
    return np.round(season + weather + NOISE * rng.standard_normal(DAYS), 1)


def main() -> None:
    path = Path(__file__).parent.parent / "presets" / "data" / "temperatures.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["day", "temperature"])
        writer.writerows(enumerate(temperatures(np.random.default_rng(SEED)), start=1))
    print(path.name)


if __name__ == "__main__":
    main()
