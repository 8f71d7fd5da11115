"""The training thread, and what goes between it and the screen."""
