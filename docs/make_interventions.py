"""Write the table of docs/interventions.md from the interventions that the program has.

python docs/make_interventions.py
"""

from inspect import getdoc
from pathlib import Path

from rnn_tui.interventions import INTERVENTIONS, Intervention

PAGE = Path(__file__).parent / "interventions.md"
BEGIN, END = "<!-- table -->\n", "<!-- end of the table -->\n"
HEAD = "| spelled | acts on | what it does | stays |\n|---|---|---|---|\n"


def row(kind: type[Intervention]) -> str:
    """Return the row of a kind: its examples, exactly what it does, and whether training can go on with it."""
    spelled = ", ".join(f"`{example}`" for example in kind.example.split(" or "))
    exactly = " ".join((getdoc(kind) or "").partition("\n\nAttributes:")[0].split()).replace("``", "`")
    return f"| {spelled} | {kind.on} | {exactly} | {'yes' if kind.lasting else ''} |\n"


def page(text: str) -> str:
    """Return the text of the page with the table between its marks."""
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    return f"{head}{begin}\n{HEAD}{''.join(map(row, INTERVENTIONS))}\n{end}{tail}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
