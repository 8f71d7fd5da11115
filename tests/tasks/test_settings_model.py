"""The base of all models of settings: what it accepts, how it is compared, copied and pickled."""

import copy
import math
import pickle
from functools import cached_property
from typing import Annotated, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from rnn_tui.tasks.settings_model import ByKind, SettingsModel


class Square(SettingsModel):
    kind: Literal["square"]
    side: Annotated[int, Field(ge=1, le=9)] = 3

    @cached_property
    def points(self):
        return np.arange(self.side)


class Circle(SettingsModel):
    kind: Literal["circle"]
    radius: Annotated[float, Field(gt=0, lt=2)] = 1.0


class Disc(Circle):
    kind: Literal["disc"] = "disc"


SHAPES = {"square": Square, "circle": Circle}


class Sheet(SettingsModel):
    name: Annotated[str, Field(min_length=1, max_length=5)] = "sheet"
    first: Annotated[SettingsModel, ByKind(SHAPES)]
    shapes: Annotated[list[Annotated[SettingsModel, ByKind(SHAPES)]], Field(max_length=3)] = Field(default_factory=list)


def errors_of(model, document):
    with pytest.raises(ValidationError) as caught:
        model.model_validate(document)
    return {".".join(map(str, error["loc"])): error["type"] for error in caught.value.errors()}


@given(st.integers(-5, 15))
def test_a_bound_itself_is_allowed_and_beyond_it_nothing(side):
    if 1 <= side <= 9:
        assert Square(kind="square", side=side).side == side
    else:
        kind = "greater_than_equal" if side < 1 else "less_than_equal"
        assert errors_of(Square, {"kind": "square", "side": side}) == {"side": kind}


@given(st.floats(-1, 3) | st.sampled_from([0.0, 2.0, math.nan, math.inf, -math.inf]))
def test_a_number_must_be_finite(radius):
    document = {"kind": "circle", "radius": radius}
    if 0 < radius < 2:
        assert Circle.model_validate(document).radius == radius
    else:
        kind = "greater_than" if radius <= 0 else "less_than"
        assert errors_of(Circle, document) == {"radius": kind if math.isfinite(radius) else "finite_number"}


@pytest.mark.parametrize("side", [True, 3.0, "3", None])
def test_nothing_is_converted_to_a_whole_number(side):
    assert list(errors_of(Square, {"kind": "square", "side": side})) == ["side"]


def test_a_whole_number_is_a_number_and_becomes_a_float():
    assert type(Circle(kind="circle", radius=1).radius) is float
    assert errors_of(Circle, {"kind": "circle", "radius": True}) == {"radius": "float_type"}


def test_all_problems_are_told_at_once_each_with_its_place():
    shapes = [{"kind": "circle", "radius": "1"}, {"kind": "ring"}, {}, 3]
    assert errors_of(Sheet, {"name": "sheets", "shapes": shapes[:3], "more": 1, "first": 3}) == {
        "name": "string_too_long",
        "shapes.0.radius": "float_type",
        "shapes.1": "union_tag_invalid",
        "shapes.2": "union_tag_not_found",
        "more": "extra_forbidden",
        "first": "model_type",
    }
    assert errors_of(Sheet, {}) == {"first": "missing"}
    assert errors_of(Sheet, {"first": {"kind": "square"}, "shapes": [{"kind": "square"}] * 4}) == {"shapes": "too_long"}


@pytest.mark.parametrize("kind", [3, None, ["square"], {}])
def test_a_kind_that_is_no_text_is_unknown(kind):
    assert errors_of(Sheet, {"first": {"kind": kind}}) == {"first": "union_tag_invalid"}


def test_a_model_that_was_made_before_is_taken_as_it_is_if_its_class_is_registered():
    made = Square.model_construct(kind="square", side=100)
    assert Sheet(first=made, shapes=[made]).first is made
    assert errors_of(Sheet, {"first": Disc()}) == {"first": "model_type"}


def test_a_kind_may_be_registered_after_the_first_check(monkeypatch):
    assert errors_of(Sheet, {"first": {"kind": "disc"}}) == {"first": "union_tag_invalid"}
    monkeypatch.setitem(SHAPES, "disc", Disc)
    assert type(Sheet.model_validate({"first": {"kind": "disc"}}).first) is Disc


def test_models_are_equal_by_class_and_fields_whatever_they_have_computed():
    one, other = Square(kind="square"), Square(kind="square")
    assert one.points.tolist() == other.points.tolist() == [0, 1, 2]  # arrays, which have no truth value
    assert one == other
    assert hash(one) == hash(other)
    assert one != Square(kind="square", side=4)
    assert Circle(kind="circle") != Disc.model_construct(kind="circle")
    assert one != {"kind": "square", "side": 3}


def test_other_values_make_a_copy_without_what_was_computed():
    square = Square(kind="square")
    assert len(square.points) == 3
    wide = square.with_values(side=5)
    assert (type(wide), wide.side, len(wide.points), square.side) == (Square, 5, 5, 3)
    assert square.with_values(side=100).side == 100  # unchecked


def test_a_model_is_copied_and_pickled_with_what_it_has_computed():
    square = Square(kind="square", side=4)
    points = square.points
    for twin in (copy.copy(square), copy.deepcopy(square), pickle.loads(pickle.dumps(square))):
        assert twin == square
        assert vars(twin)["points"].tolist() == points.tolist()
    assert copy.copy(square).points is points


def test_plain_data_has_all_fields_of_each_kind():
    sheet = Sheet(first=Square(kind="square"), shapes=[Circle.model_construct(kind="circle", radius=1.5)])
    assert sheet.model_dump() == {
        "name": "sheet",
        "first": {"kind": "square", "side": 3},
        "shapes": [{"kind": "circle", "radius": 1.5}],
    }
