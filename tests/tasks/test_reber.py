import re
from collections import Counter, defaultdict
from functools import cache
from itertools import product
from math import log

import numpy as np
import pytest
from pydantic import ValidationError

from rnn_tui.tasks.reber import EmbeddedReber, Reber

STRING = "B(?:TS*X(?:XT*VP)*(?:S|XT*VV)|PT*V(?:PXT*V)*(?:V|PS))E"
EMBEDDED = f"B(?:T{STRING}T|P{STRING}P)E"
LONG = 10_000  # so long that the start hardly counts


@cache
def texts(task, size, length):
    codes = task.batch(np.random.default_rng(0), size, length).x.argmax(axis=1)
    return ["".join(task.alphabet[code] for code in word) for word in codes.T]


def firsts(pattern, texts):
    """The first string of each text, of those that are not cut."""
    return [found.group() for text in texts if (found := re.match(pattern, text))]


@pytest.mark.parametrize(("task", "pattern"), [(Reber(), STRING), (EmbeddedReber(), EMBEDDED)])
def test_a_text_is_one_string_of_the_grammar_after_another(task, pattern):
    for text in texts(task, 10, 1000):
        whole = re.match(f"(?:{pattern})*", text).group()
        assert len(text) - len(whole) < 100  # the last string is cut
        assert len(re.findall(pattern, whole)) > 60


def test_every_short_string_is_said_as_often_as_its_branches_ask_for():
    size = 8000
    strings = Counter(firsts(STRING, texts(Reber(), size, 40)))
    short = {f"B{''.join(inner)}E" for n in range(3, 6) for inner in product("TSXPV", repeat=n)}
    short = {string for string in short if re.fullmatch(STRING, string)}
    assert {"BTXSE", "BPVVE", "BTSSXSE", "BTXXVVE", "BPTTVVE", "BPVPSE"} <= short
    for string in short:  # each symbol between B and E is one of two
        p = 0.5 ** (len(string) - 2)
        assert strings[string] == pytest.approx(size * p, abs=5 * np.sqrt(size * p))


def test_the_string_that_the_docstring_tells_is_one():
    assert re.fullmatch(STRING, "BTSSXXTVVE")


def test_a_string_has_eight_symbols_on_average_and_six_choices():
    strings = firsts(STRING, texts(Reber(), 8000, 40))
    assert np.mean([len(string) for string in strings]) == pytest.approx(8, abs=0.2)
    assert Reber().floor(None, LONG).loss == pytest.approx(6 / 8 * log(2), abs=1e-3)


def test_an_embedded_string_has_twelve_symbols_and_seven_choices():
    assert EmbeddedReber().floor(None, LONG).loss == pytest.approx(7 / 12 * log(2), abs=1e-3)


def test_either_symbol_is_as_likely_to_be_remembered():
    outer = Counter(text[:2] for text in texts(EmbeddedReber(), 5000, 2))
    assert set(outer) == {"BT", "BP"}
    assert outer["BT"] == pytest.approx(2500, abs=5 * np.sqrt(1250))


def test_the_role_again_is_played_where_the_second_symbol_returns():
    task = EmbeddedReber()
    batch = task.batch(np.random.default_rng(0), 30, 60)
    role, codes = task.role(batch), np.concatenate([batch.x.argmax(axis=1), batch.target[-1:]])
    assert role.shape == batch.mask.shape
    for b, word in enumerate(codes.T):
        said = "".join(task.alphabet[code] for code in word)
        again, begins = set(), 0
        while found := re.match(f"B([TP]){STRING}\\1", said[begins:]):
            again.add(begins + found.end() - 2)  # the time step before it is foretold
            begins += found.end() + 1
        assert {t for t in range(60) if task.roles[role[t, b]] == "again"} == again
        assert {t for t in range(60) if task.roles[role[t, b]] == "others"} == set(range(60)) - again


def foretold(window):
    """{window before the symbol that comes again: how often each symbol comes}, in a large sample."""
    task = EmbeddedReber()
    batch = task.batch(np.random.default_rng(0), 2500, 40)
    found = defaultdict(Counter)
    for t, b in np.argwhere(task.role(batch) == task.roles.index("again")):
        seen = batch.x[t - window + 1 : t + 1, :, b].argmax(axis=1)
        found["".join(task.alphabet[code] for code in seen)][task.alphabet[batch.target[t, b]]] += 1
    return found


@pytest.mark.parametrize("window", [1, 3, 5])
def test_who_cannot_remember_is_left_with_ln_2_at_the_symbol_that_comes_again(window):
    found = foretold(window)
    for counts in found.values():
        n = counts.total()
        assert counts["T"] + counts["P"] == n
        assert counts["T"] / n == pytest.approx(0.5, abs=5 * 0.5 / np.sqrt(n))
    total = sum(counts.total() for counts in found.values())
    left = -sum(n * log(n / counts.total()) for counts in found.values() for n in counts.values()) / total
    assert left == pytest.approx(log(2), abs=5e-3)


def test_who_sees_six_symbols_remembers_across_the_shortest_string_alone():
    certain = {window: set(counts) for window, counts in foretold(6).items() if len(counts) == 1}
    shortest = {outer + string: {outer} for outer in "TP" for string in ("BTXSE", "BPVVE")}
    assert certain.items() >= shortest.items()


def test_the_floor_of_who_cannot_remember_has_a_choice_more():
    assert EmbeddedReber().floor(5, LONG).loss >= 8 / 12 * log(2) - 1e-3


def test_the_embedded_grammar_is_split_in_again_and_others():
    assert EmbeddedReber().roles == ("again", "others")
    assert EmbeddedReber().split_by == "kind"


@pytest.mark.parametrize("kind", [Reber, EmbeddedReber])
def test_there_are_no_options_but_the_kind(kind):
    with pytest.raises(ValidationError):
        kind.model_validate({"length": 3})
