"""The training thread, and its communication with the screen."""
