"""Documents held against tables: what is in order, and what is said of the rest."""

import math
from dataclasses import field
from typing import Annotated, Literal

import pytest
from documents import valid
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.presets import validation
from rnn_tui.presets.preset import Preset
from rnn_tui.presets.validation import Invalid, checked, prepare
from rnn_tui.tasks.fields import ByKind, Reading, Rule, Size, Table, Within, plain


def lower(text):
    if text != text.lower():
        raise ValueError("must be in lower case")
    return text


def split(value):
    return value.split("-") if isinstance(value, str) else value


class Square(Table):
    kind: Literal["square"]
    side: Annotated[int, Within(1, 9)] = 3


class Circle(Table):
    kind: Literal["circle"]
    radius: Annotated[float, Within(above=0, below=2)] = 1.0


class Sheet(Table):
    name: Annotated[str, Size(1, 5), Rule(lower)] = "sheet"
    shapes: Annotated[list[Annotated[Square | Circle, ByKind({"square": Square, "circle": Circle})]], Size(most=3)]
    pair: Annotated[list[str], Reading(split)] = field(default_factory=list)
    first: Square = Square(kind="square")


def errors_of(document, table=Sheet):
    with pytest.raises(Invalid) as caught:
        checked(table, document)
    return {".".join(map(str, error["loc"])): error["type"] for error in caught.value.errors}


def test_what_is_in_order_becomes_the_table_with_the_tables_within():
    document = {
        "shapes": [{"kind": "circle", "radius": 1}, {"kind": "square"}],
        "pair": "a-b",
        "first": {"kind": "square"},
    }
    sheet = checked(Sheet, document)
    assert sheet == Sheet(shapes=[Circle(kind="circle"), Square(kind="square")], pair=["a", "b"])
    assert type(sheet.shapes[0].radius) is float


@given(st.integers(-5, 15))
def test_a_bound_itself_is_allowed_and_beyond_it_nothing(side):
    if 1 <= side <= 9:
        assert checked(Square, {"kind": "square", "side": side}).side == side
    else:
        kind = "greater_than_equal" if side < 1 else "less_than_equal"
        assert errors_of({"kind": "square", "side": side}, Square) == {"side": kind}


@given(st.floats(-1, 3) | st.sampled_from([0.0, 2.0, math.nan, math.inf, -math.inf]))
def test_a_bound_that_is_not_allowed_itself_is_refused_as_what_is_not_finite(radius):
    document = {"kind": "circle", "radius": radius}
    if 0 < radius < 2:
        assert checked(Circle, document).radius == radius
    else:
        kind = "greater_than" if radius <= 0 else "less_than"
        assert errors_of(document, Circle) == {"radius": kind if math.isfinite(radius) else "finite_number"}


def test_all_problems_are_told_at_once_each_with_its_place():
    circle = {"kind": "circle", "radius": "1"}
    assert errors_of({"name": "sheets", "shapes": [circle, {"kind": "ring"}, {}], "more": 1, "first": 3}) == {
        "name": "string_too_long",
        "shapes.0.circle.radius": "float_type",
        "shapes.1": "union_tag_invalid",
        "shapes.2": "union_tag_not_found",
        "more": "extra_forbidden",
        "first": "model_type",
    }
    assert errors_of({"name": "", "pair": 3}) == {"name": "string_too_short", "shapes": "missing", "pair": "list_type"}
    assert errors_of({"shapes": [{"kind": "square"}] * 4, "name": "Upper"}) == {
        "shapes": "too_long",
        "name": "value_error",
    }


@pytest.mark.parametrize("document", [None, 3, "shapes", [], [("shapes", [])]])
def test_what_is_no_table_is_refused(document):
    assert errors_of(document) == {"": "model_type"}


@pytest.mark.parametrize("side", [True, 3.0, "3", None])
def test_nothing_is_converted_to_a_whole_number(side):
    assert list(errors_of({"kind": "square", "side": side}, Square)) == ["side"]


def test_a_table_that_has_been_made_is_taken_as_it_is_where_its_kind_may_stand():
    made = Square(kind="square", side=100)
    sheet = checked(Sheet, {"shapes": [made], "first": made})
    assert sheet.shapes[0] is sheet.first is made
    assert checked(Sheet, sheet) is sheet
    assert errors_of({"shapes": [Sheet(shapes=[])]}) == {"shapes.0": "union_tag_not_found"}
    assert errors_of({"shapes": [], "first": Circle(kind="circle")}) == {"first": "model_type"}


@given(valid())
def test_a_checked_preset_has_the_values_of_its_document_and_the_usual_ones_else(document):
    preset = checked(Preset, document)
    for table, said in [
        (preset, {key: value for key, value in document.items() if not isinstance(value, dict | list)}),
        (preset.task, document["task"]),
        (preset.training, document.get("training", {})),
        *zip(preset.lanes, document["lanes"], strict=True),
    ]:
        usual = {name: field.default for name, field in table.known.items() if name not in said}
        found = {name: getattr(table, name) for name in table.known}
        assert {**found, **said} == found
        assert all(found[name] == usual[name] for name in usual if name not in ("task", "lanes", "inputs", "training"))


@given(valid())
def test_what_has_been_checked_would_pass_again(document):
    preset = checked(Preset, document)
    assert repr(checked(Preset, plain(preset))) == repr(preset)


def test_what_checking_needs_is_made_once_and_can_be_made_ahead(monkeypatch):
    class Once(Table):
        number: int

    prepare(Once)
    monkeypatch.setattr(validation, "create_model", None)
    prepare(Once)
    assert checked(Once, {"number": 3}) == Once(number=3)
