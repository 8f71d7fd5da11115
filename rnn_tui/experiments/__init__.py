"""Experiments without a screen: training, sweeps, and the setup of processes that train."""
