"""Write the table of rules in docs/findings.md.

python docs/make_findings.py
"""

from pathlib import Path

from rnn_tui.session.findings import RULES

PAGE = Path(__file__).parent / "findings.md"
BEGIN, END = "<!-- rules -->\n", "<!-- end of rules -->\n"
HEAD = "| rule | kind | finds something if | source of the threshold |\n|---|---|---|---|\n"


def page(text: str) -> str:
    """Return the text of the page with the table of all rules between its marks."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    rows = "".join(f"| {rule.name} | {rule.kind} | {rule.threshold} | {rule.source} |\n" for rule in RULES)
    return f"{head}{BEGIN}\n{HEAD}{rows}\n{END}{tail}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
