"""Compute the lowest loss that a predictor with a given window can reach, by kind of source."""
