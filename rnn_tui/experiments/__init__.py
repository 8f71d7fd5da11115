"""Experiments without a screen: training, and what a process that trains needs."""
