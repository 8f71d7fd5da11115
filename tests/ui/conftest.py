import pytest
from support import textual_private


@pytest.fixture(scope="session", autouse=True)
def style_sheets():
    """Hundreds of apps read the same few style sheets."""
    with textual_private.style_sheets_parsed_once():
        yield


@pytest.fixture(scope="module")
def drawn_when_looked_at():
    """For files with apps of their own: spend no time on drawings that are thrown away."""
    with textual_private.drawn_when_looked_at():
        yield
