"""Tables that check nothing: how they are made, compared and taken apart."""

from dataclasses import FrozenInstanceError, field, replace
from functools import cached_property
from typing import Annotated, ClassVar, Literal

import pytest
from documents import mutated, valid
from hypothesis import assume, given, settings

from rnn_tui.presets.preset import Preset
from rnn_tui.presets.validation import Invalid, checked
from rnn_tui.presets.validation_messages import unfit
from rnn_tui.tasks.fields import About, ByKind, Table, Within, about, built, parts, plain


class Pen(Table):
    colour: str
    width: Annotated[float, Within(above=0), About("in points")] = 1.0
    marks: list[str] = field(default_factory=list)
    unit: ClassVar[str] = "pt"

    @cached_property
    def ink(self):
        return self.width * 2


class Brush(Pen):
    kind: Literal["brush"] = "brush"
    hairs: int = 10


class Case(Table):
    pens: list[Pen]
    best: Annotated[Pen | None, ByKind({"brush": Brush})] = None


def test_what_is_not_given_is_as_usual_and_a_list_of_its_own():
    one, other = Pen(colour="red"), Pen(colour="red")
    assert (one.colour, one.width, one.marks) == ("red", 1.0, [])
    one.marks.append("x")
    assert other.marks == Pen(colour="red").marks == []


def test_a_missing_field_and_one_that_there_is_not_are_refused_by_name():
    with pytest.raises(TypeError, match="colour is missing"):
        Pen()
    for unknown in ("size", "unit", "ink"):
        with pytest.raises(TypeError, match=f"Pen has no {unknown}"):
            Pen(colour="red", **{unknown: 3})


def test_a_table_stays_as_it_is_and_what_it_has_worked_out_is_kept():
    pen = Pen(colour="red")
    with pytest.raises(FrozenInstanceError):
        pen.width = 3.0
    with pytest.raises(FrozenInstanceError):
        del pen.width
    assert pen.ink == 2.0
    assert vars(pen)["ink"] == 2.0


def test_tables_are_equal_by_kind_and_fields_whatever_they_have_worked_out():
    pen, other = Brush(colour="red"), Brush(colour="red")
    assert pen.ink
    assert pen == other
    assert pen != Brush(colour="red", hairs=11)
    assert pen != Pen(colour="red")
    assert pen != "red"


def test_equal_tables_have_the_same_hash_where_their_fields_have_one():
    assert len({Within(1), Within(1)}) == 1
    assert len({Case(pens=()), Case(pens=()), Case(pens=(1,))}) == 2
    with pytest.raises(TypeError, match="unhashable"):
        hash(Pen(colour="red"))


def test_a_table_is_shown_as_it_would_be_written():
    pen = Brush(colour="red", marks=["a"])
    assert eval(repr(pen)) == pen
    assert repr(pen).startswith("Brush(colour='red', width=1.0, ")


def test_another_value_makes_another_table_without_what_was_worked_out():
    pen = Brush(colour="red")
    assert pen.ink == 2.0
    wide = replace(pen, width=3.0)
    assert (type(wide), wide.colour, wide.ink, pen.width) == (Brush, "red", 6.0, 1.0)


def test_plain_data_has_the_tables_within_too():
    case = Case(pens=[Pen(colour="red")], best=Brush(colour="blue", hairs=3))
    assert plain(case) == {
        "pens": [{"colour": "red", "width": 1.0, "marks": []}],
        "best": {"colour": "blue", "width": 1.0, "marks": [], "kind": "brush", "hairs": 3},
    }


def test_what_stands_beside_a_type_is_found_and_what_a_field_means_is_said():
    assert parts(Pen.known["width"].type) == (float, (Within(above=0), About("in points")))
    assert parts(int) == (int, ())
    assert (about(Brush, "width"), about(Brush, "hairs")) == ("in points", "")


def test_a_document_in_order_is_built_with_the_tables_within_and_whole_numbers_where_numbers_are_asked_for():
    case = built(Case, {"pens": [{"colour": "red", "width": 2}], "best": {"kind": "brush", "colour": "blue"}})
    assert case == Case(pens=[Pen(colour="red", width=2.0)], best=Brush(colour="blue"))
    assert type(case.pens[0].width) is float


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"pens": [{"colour": "red", "unit": "mm"}]},
        {"pens": [{}]},
        {"pens": [{"colour": 3}]},
        {"pens": [{"colour": "red", "width": True}]},
        {"pens": [], "best": {"kind": "pencil", "colour": "blue"}},
        {"pens": [], "best": {"colour": "blue"}},
        {"pens": 3},
        {"pens": [3]},
    ],
)
def test_a_document_with_other_keys_or_types_is_not_built(document):
    with pytest.raises((TypeError, ValueError, LookupError, AttributeError)):
        built(Case, document)


@given(valid())
def test_of_a_document_in_order_the_same_is_built_as_the_check_makes(document):
    assert repr(built(Preset, document)) == repr(checked(Preset, document))  # which tells 1 from 1.0


@settings(max_examples=300)
@given(mutated(valid()))
def test_what_cannot_be_built_the_check_refuses_too(document):
    assume(not unfit(document))  # which is looked at before either
    try:
        built(Preset, document)
    except Exception:
        with pytest.raises(Invalid):
            checked(Preset, document)
