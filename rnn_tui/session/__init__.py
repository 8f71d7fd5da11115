"""A run in time: steps forward and backward, edits, and the frame that a screen shows; independent of a terminal."""
