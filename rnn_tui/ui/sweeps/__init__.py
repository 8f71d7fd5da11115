"""A sweep on the screen: maps, curves and tables of many runs, also while they are still being trained."""
