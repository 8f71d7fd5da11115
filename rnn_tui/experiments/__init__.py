"""Experiments without a screen: training, and the setup of processes that train."""
