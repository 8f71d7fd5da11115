import pytest
from support.textual_private import style_sheets_parsed_once


@pytest.fixture(scope="session", autouse=True)
def style_sheets():
    """Hundreds of apps read the same few style sheets."""
    with style_sheets_parsed_once():
        yield
