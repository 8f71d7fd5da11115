"""A run for other programs: scripts with their weights, metrics, and arrays.  Nothing here writes a file."""
