import numpy as np
import pytest
from support.numeric_gradients import CELL_KINDS, random_parameters

from rnn_tui.engine import products
from rnn_tui.engine.models import RecurrentModel
from rnn_tui.engine.products import in_fast_order, product

T, I, H, O = 4, 2, 40, 1


@pytest.fixture
def blocks(monkeypatch):
    """Large matrices are multiplied in blocks, on every processor, and few numbers are already many."""
    monkeypatch.setattr(products, "AVX512", True)
    monkeypatch.setattr(products, "SMALL", 2500)


def heights(matrix, batch):
    """The rows of each block that is multiplied."""
    found = []

    class Watched(np.ndarray):
        def dot(self, a, out):
            found.append(len(self))
            return super().dot(a, out)

    out = np.empty((len(matrix), batch))
    product(matrix.view(Watched), batch)(np.ones((matrix.shape[1], batch)), out)
    return found


@pytest.mark.parametrize(
    ("rows", "columns", "batch", "expected"),
    [
        (20, 25, 5, [20]),  # small: exactly 2500
        (45, 25, 5, [20, 20, 5]),
        (45, 25, 1, [45]),  # a matrix by a vector
        (45, 25, 33, [45]),  # a large batch
        (45, 25, 8, [45]),  # blocks would have too few rows
    ],
)
@pytest.mark.usefixtures("blocks")
def test_a_large_matrix_is_multiplied_in_blocks_if_the_batch_is_small(rows, columns, batch, expected):
    assert heights(np.ones((rows, columns)), batch) == expected


def test_without_avx512_a_matrix_is_multiplied_at_once(monkeypatch, blocks):  # noqa: ARG001
    monkeypatch.setattr(products, "AVX512", False)
    assert heights(np.ones((45, 25)), 5) == [45]


@pytest.mark.usefixtures("blocks")
def test_a_product_in_blocks_is_the_product_with_the_same_bits_each_time():
    rng = np.random.default_rng(0)
    matrix, a = rng.standard_normal((45, 25)), rng.standard_normal((25, 5))
    multiply, outs = product(matrix, 5), np.full((3, 45, 5), np.nan)
    for out in outs:
        multiply(a, out)
    np.testing.assert_allclose(outs[0], matrix @ a, rtol=1e-12, atol=1e-12)
    assert (outs == outs[0]).all()


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize(("batch", "by_columns"), [(2, True), (9, False)])
def test_the_order_of_a_matrix_depends_on_how_large_its_products_are(batch, by_columns):
    memory = np.zeros((20, 30))
    matrix = in_fast_order(memory, batch)
    assert matrix.shape == memory.shape
    assert np.shares_memory(matrix, memory)
    assert matrix.flags.f_contiguous == by_columns


@pytest.mark.parametrize("kind", CELL_KINDS)
def test_every_cell_computes_the_same_in_blocks(kind, request):
    model, rng = RecurrentModel(CELL_KINDS[kind](I, H), O), np.random.default_rng(0)
    parameters, x, dy = random_parameters(model, rng), rng.standard_normal((T, I, 3)), np.ones((T, O, 3))

    def y_and_gradient():
        trace = model.trace(T, 3)
        return model.forward(parameters, x, trace).copy(), model.backward(parameters, dy, trace)

    expected = y_and_gradient()
    request.getfixturevalue("blocks")
    for found, each in zip(y_and_gradient(), expected, strict=True):
        np.testing.assert_allclose(found, each, rtol=1e-10, atol=1e-12)
