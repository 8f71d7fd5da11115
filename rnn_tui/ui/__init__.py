"""The screen: the only package that knows Textual and Rich."""

import os

# What a key has changed waits for the next of so many moments a second at which Textual paints; there are no more
# paints than there are changes.  It must be said before Textual is loaded.
os.environ.setdefault("TEXTUAL_FPS", "120")
