import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from rnn_tui.exports.python_literals import literal, packed

shapes = arrays.array_shapes(min_dims=1, max_dims=2, max_side=9)


def evaluated(text):
    found = {"np": np}
    exec(text, found)
    return found["W"]


@pytest.mark.parametrize("width", [32, 64])
@given(data=st.data())
def test_a_literal_gives_the_same_bits_again(width, data):
    numbers = st.floats(width=width, allow_nan=False, allow_infinity=False)
    values = data.draw(arrays.arrays(f"float{width}", shapes, elements=numbers))
    text = literal("W", values, "(H, I)")
    assert evaluated(text).dtype == values.dtype
    assert evaluated(text).tobytes() == values.tobytes()
    assert max(map(len, text.splitlines())) <= 100


def test_a_matrix_has_a_row_to_a_line_and_its_shape_at_the_end():
    text = literal("W", np.array([[0.5, -1.0], [0.1, 2.0]], "float32"), "(H, I)")
    assert text == "W = np.array([  # (H, I)\n    [0.5, -1.0],\n    [0.1, 2.0],\n], np.float32)"
    assert literal("b", np.array([1e-9]), "(O,)") == "b = np.array([  # (O,)\n    1e-09\n])"


@given(st.binary(max_size=500))
def test_packed_bytes_can_stand_in_a_string(data):
    import base64

    text = packed(data)
    assert not re.search(r"""["'\\]""", text)
    assert base64.b85decode(text.replace("\n", "")) == data
