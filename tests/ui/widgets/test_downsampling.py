import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import fewer_examples

from rnn_tui.ui.widgets import downsampling
from rnn_tui.ui.widgets.downsampling import BLOCK, FEW, Reduced, Samples

series = st.builds(
    lambda seed, count, holes: np.where(
        np.random.default_rng(seed).random(count) < holes, np.nan, np.random.default_rng(seed).lognormal(0, 3, count)
    ),
    st.integers(0, 99), st.integers(0, 3000), st.sampled_from([0.0, 0.01, 0.9, 1.0]),
)  # fmt: skip


def test_plain_samples_are_the_finite_losses_at_their_steps():
    found = Samples.plain(np.array([1.0, np.nan, 3.0, np.inf]), 10)
    assert found.steps.tolist() == [10, 12]
    assert found.low.tolist() == found.high.tolist() == [1, 3]


@given(series, st.integers(-5, 3005))
def test_samples_are_parted_at_a_step(losses, step):
    before, after = Samples.plain(losses).parted(step)
    assert (before.steps < step).all()
    assert (after.steps >= step).all()
    assert len(before.steps) + len(after.steps) == np.isfinite(losses).sum()


@given(series, st.integers(0, 50))
def test_of_a_long_run_each_block_has_its_least_and_greatest_loss(losses, begin):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(downsampling, "FEW", 100)
        found = Reduced()(losses, begin)
    if len(losses) <= 100:
        return
    blocks = [(at, losses[at : at + BLOCK]) for at in range(0, len(losses) // BLOCK * BLOCK, BLOCK)]
    rest = [(at, losses[at : at + 1]) for at in range(len(losses) // BLOCK * BLOCK, len(losses))]
    expected = [(begin + at, np.nanmin(part), np.nanmax(part)) for at, part in blocks + rest if np.isfinite(part).any()]
    assert list(zip(found.steps, found.low, found.high, strict=True)) == expected


@fewer_examples
@given(st.lists(st.integers(1, 700), min_size=1, max_size=6), st.integers(0, 9))
def test_losses_that_grow_are_read_on_and_give_what_reading_them_at_once_gives(steps, seed):
    losses, growing, count = np.random.default_rng(seed).random(5000), Reduced(), 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(downsampling, "FEW", 100)
        for more in steps:
            count += more
            one, other = growing(losses[:count]), Reduced()(losses[:count])
            for name in ("steps", "low", "high"):
                np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_a_history_that_was_cut_shorter_and_another_one_are_read_anew(monkeypatch):
    monkeypatch.setattr(downsampling, "FEW", 100)
    read, first, second = Reduced(), np.arange(1000.0), np.arange(1000.0)[::-1].copy()
    read(first[:1000])
    assert read(first[:500]).high.max() == 499
    assert read(second[:1000]).high[0] == 999
    assert read(first[:1000]).high[0] == BLOCK - 1


def test_another_part_of_the_same_array_is_read_anew(monkeypatch):
    monkeypatch.setattr(downsampling, "FEW", 100)
    losses, read = np.arange(2000.0), Reduced()
    for since in (500, 100, 1000):
        one, other = read(losses[since:], since), Reduced()(losses[since:].copy(), since)
        np.testing.assert_array_equal(one.low, other.low)


def test_a_million_losses_are_read_once_only(monkeypatch):
    losses, read, seen = np.random.default_rng(0).random(1_000_000), Reduced(), []
    assert len(losses) > FEW
    isfinite = np.isfinite
    monkeypatch.setattr(downsampling.np, "isfinite", lambda values: seen.append(values.size) or isfinite(values))
    found = read(losses[:999_990])
    assert len(found.steps) <= len(losses) / BLOCK + BLOCK
    seen.clear()
    read(losses)
    assert sum(seen) < 5 * len(losses) / BLOCK  # the blocks, and what is new


def test_batches_in_which_nothing_is_scored_are_left_out_unless_there_are_no_others():
    losses = np.array([0, 0.7, 0.6, 0, 0.5, 0.4])
    scored = Samples.plain(losses, 10).scored()
    assert scored.steps.tolist() == [11, 12, 14, 15]
    assert scored.low.tolist() == scored.high.tolist() == [0.7, 0.6, 0.5, 0.4]
    assert Samples.plain(np.zeros(3)).scored().steps.tolist() == [0, 1, 2]
    blocks = Reduced()(np.tile([0, 0.7, 0.6, 0.5], FEW)).scored()
    assert set(blocks.low) == set(blocks.high) == {0.7}
