"""Write the words of docs/glossary.md, which the help of the lab shows too.

python docs/make_glossary.py
"""

from pathlib import Path
from textwrap import fill

from rnn_tui.ui.glossary import TERMS

PAGE = Path(__file__).parent / "glossary.md"
HEADING = "## Words\n"
WIDTH = 120


def page(text: str) -> str:
    """Return the text of the page with the words of the lab under their heading."""
    head, heading, _ = text.partition(HEADING)
    paragraphs = (fill(term.markdown, WIDTH, break_long_words=False, break_on_hyphens=False) for term in TERMS)
    return f"{head}{heading}\n" + "\n\n".join(paragraphs) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
