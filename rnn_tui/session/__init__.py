"""Time: a run's steps forwards and backwards, edits, and the frame that a screen shows.  Still no terminal."""
