"""The glossary: one source for the help and for docs/glossary.md."""

import runpy
from pathlib import Path

from rnn_tui.ui.glossary import BRIEFS, TERMS, briefs, named, terms
from rnn_tui.ui.panels.registry import declarations

DOCS = Path(__file__).parents[2] / "docs"
PANELS = {panel.name for panel in declarations()}


def test_the_page_has_the_words_of_the_lab():
    page = runpy.run_path(str(DOCS / "make_glossary.py"))["page"]
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    assert page(text) == text, "run python docs/make_glossary.py"


def test_every_panel_has_words_and_there_are_no_others():
    assert {name for term in TERMS for name in term.panels} == PANELS
    assert BRIEFS.keys() <= PANELS
    for panel, words in BRIEFS.items():
        assert len(briefs(panel)) == len(words)
        assert all(panel in named(word).panels for word in words)


def test_words_are_in_the_order_of_the_alphabet_and_each_is_explained_once():
    names = [name for term in TERMS for name in term.name.split(", ")]
    assert len({*names}) == len(names)
    order = [term.name.casefold() for term in TERMS]
    assert order == sorted(order)


def test_every_word_that_newcomers_did_not_know_is_explained():
    unknown = (
        "lane gain decay nats floor probe pieces P(1) weights step loss accuracy R² BPTT truncation clip schedule "
        "batch seed window gate keyframe parameters temperature saturation reference"
    )
    assert [word for word in unknown.split() if named(word) is None] == []
    for words in ("loss at t", "time step", "held-out sequences", "gradient norm", "hidden state", "hidden unit",
                  "hidden layer", "cell state", "free-running forecast", "vanishing gradient"):  # fmt: skip
        assert named(words), words


def test_the_words_of_the_panel_come_first_and_words_are_searched():
    assert "comparison" in terms("comparison")[0].panels
    assert {*terms("comparison")} == {*TERMS}
    assert terms(words="flo")[0] is named("floor")
    assert named("above it") in terms(words="floor loss")
    assert terms(words="nonsense") == []
    assert terms(words="FLOOR") == terms(words="floor")


def test_the_screen_has_no_marks_and_no_links():
    for term in TERMS:
        assert not {*"*`[]"} & {*term.plain.replace("[i,", "")}, term.name
        assert ".md" not in term.plain
        assert len(term.brief) <= 45
