"""Drawing: widgets that take arrays and know neither a frame nor a session."""
