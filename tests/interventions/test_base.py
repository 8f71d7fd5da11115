"""The text of an intervention has all of it, and what is no intervention is refused with an example."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_tui.interventions import INTERVENTIONS, SpellingError, spelled
from rnn_tui.interventions.cut import Cut
from rnn_tui.interventions.diagonal import Diagonal, OffDiagonal
from rnn_tui.interventions.flip import Flip
from rnn_tui.interventions.frozen import Freeze
from rnn_tui.interventions.gate import OpenGate, ShutGate
from rnn_tui.interventions.hold import Hold
from rnn_tui.interventions.input_place import InputPlace
from rnn_tui.interventions.input_value import InputValue
from rnn_tui.interventions.noise import Noise
from rnn_tui.interventions.prune import Prune
from rnn_tui.interventions.remove import Remove
from rnn_tui.interventions.reset import Reset
from rnn_tui.interventions.scale import Scale
from rnn_tui.interventions.silence import Silence
from rnn_tui.interventions.start import Start
from rnn_tui.interventions.swap import Swap
from rnn_tui.interventions.weight import Weight
from rnn_tui.session.what_if import parsed_text

whole = st.integers(0, 10**6 - 1)
number = st.floats(allow_nan=False, allow_infinity=False)
above = st.floats(min_value=0, exclude_min=True, allow_infinity=False)
matrix = st.sampled_from(["W_hh", "W_xh", "W_hn"])
place = st.builds(InputPlace, whole, st.sampled_from(["", "0", "marker"]))
symbol = st.sampled_from(" =@:+-.7bé本")
RANDOM = {
    InputValue: st.one_of(
        st.builds(InputValue, place, symbol),
        st.builds(lambda at, v, sign: InputValue(at, repr(v), sign), place, number, st.sampled_from(["", "+", "-"])),
    ),
    Flip: st.builds(Flip, place),
    Remove: st.builds(Remove, place),
    Swap: st.builds(Swap, whole, whole),
    Silence: st.builds(Silence, whole),
    Hold: st.builds(Hold, whole, number),
    Reset: st.builds(Reset, whole),
    Start: st.one_of(st.builds(Start, whole), st.builds(Start, st.none(), number)),
    Noise: st.builds(Noise, above),
    Cut: st.builds(Cut, whole),
    Diagonal: st.just(Diagonal()),
    OffDiagonal: st.just(OffDiagonal()),
    Scale: st.builds(Scale, number, st.none() | matrix),
    Weight: st.one_of(
        st.builds(Weight, matrix, whole, whole, number, st.booleans()),
        st.builds(Weight, st.just("b_h"), whole, st.none(), number, st.booleans()),
    ),
    Prune: st.builds(Prune, above, st.none() | matrix),
    OpenGate: st.builds(OpenGate, st.sampled_from("rzifo"), st.none() | whole),
    ShutGate: st.builds(ShutGate, st.sampled_from("rzifo"), st.none() | whole),
    Freeze: st.builds(Freeze, st.sampled_from(["reservoir", "W_hh", "b_y"])),
}


def test_every_kind_is_spelled_here():
    assert list(RANDOM) == INTERVENTIONS


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.one_of(*RANDOM.values()))
def test_the_spelling_of_an_intervention_gives_it_back(intervention):
    again = spelled(intervention.spelling)
    assert again == intervention
    assert type(again) is type(intervention)
    assert again.spelling == intervention.spelling
    assert again.said


@pytest.mark.parametrize("kind", INTERVENTIONS, ids=lambda kind: kind.name)
def test_each_example_spells_its_own_kind(kind):
    for example in kind.example.split(" or "):
        assert type(spelled(example)) is kind
        assert spelled(example).spelling == example


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not of the form name, name:place"),
        (":u3", "not of the form name, name:place"),
        ("sience:u3", "there is no intervention 'sience'; did you mean 'silence'?"),
        ("spin", "there is no intervention 'spin'; there are x, flip, remove"),
        ("silence", "'silence' needs a place and no value, as in silence:u3"),
        ("silence:u3=1", "'silence' needs a place and no value"),
        ("silence:3", "'3' is not a unit, as in silence:u3"),
        ("hold:u3", "'hold' needs a number, as in hold:u3=0.5"),
        ("hold:u3=nan", "'hold' needs a number, as in hold:u3=0.5; 'nan' is none"),
        ("hold:u3=inf", "'inf' is none"),
        ("hold:u3+=1", "'hold' takes = and not +=, as in hold:u3=0.5"),
        ("reset:-1", "'-1' is not a whole number from 0, as in reset:12"),
        ("x:7", "'x' needs a time step and a value, as in x:7=0"),
        ("x:7=", "'x' needs a time step and a value"),
        ("x:7.=1", "'7.' names no input after the dot"),
        ("swap:3", "'swap' needs two time steps, as in swap:3,7"),
        ("start", "'start' needs a time step or a value"),
        ("noise=-1", "'noise' needs a size from 0"),
        ("prune=0", "'prune' needs a threshold above 0"),
        ("scale:=2", "'scale' names no matrix after the colon"),
        ("diagonal=1", "'diagonal' takes neither a place nor a value"),
        ("cut=1", "'cut' takes no value"),
        ("W_hh=1", "'W_hh' needs an entry, as in W_hh:3,5=0"),
        ("W_hh:1,2,3=1", "'1,2,3' is not an entry"),
        ("open:f.3", "'3' is not a unit, as in open:f"),
    ],
)
def test_what_is_no_intervention_is_refused_with_an_example(text, message):
    with pytest.raises(SpellingError, match=re.escape(message)):
        spelled(text)


@pytest.mark.parametrize(
    ("text", "spelling", "lane"),
    [
        ("cut", "cut", None),
        ("cut@FNN", "cut", 1),
        ("cut@1", "cut", 1),
        ("cut@a@b", "cut", 2),
        ("x:7=@", "x:7=@", None),
        ("x:7=@@FNN", "x:7=@", 1),
        ("x:7.wind@sea=2", "x:7.wind@sea=2", None),
        ("x:7.wind@sea=2@FNN", "x:7.wind@sea=2", 1),
    ],
)
def test_a_lane_is_named_after_the_last_at_sign_that_is_no_part_of_the_text(text, spelling, lane):
    one = parsed_text(text, ["RNN", "FNN", "a@b"])
    assert (one.intervention.spelling, one.lane) == (spelling, lane)
