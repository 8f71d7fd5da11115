"""Set dotted keys of a document, such as ``task.delay`` or ``lanes.0.hidden_size``, and compare documents by them."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import reduce
from typing import Any

from rnn_tui.errors import PresetError
from rnn_tui.presets.lane_settings import LANES, MOST_LANES, WIDEST, FeedForwardLane, LaneSettings
from rnn_tui.presets.validation_messages import unfit


def changed(document: Mapping[str, Any], changes: Mapping[str, Any], source: str) -> dict[str, Any]:
    """Return the document with dotted keys set, and without keys that no longer apply.

    These are settings that the new kind of a lane does not have, a name that stated the old kind, and a ``match`` if a
    ``hidden_size`` is set.

    Raises:
        PresetError: a key cannot be set.
    """
    after = set_keys(document, changes, source)
    ways = [key_words(key) for key in changes]
    for number, lane in enumerate(lane_tables(after)):
        asked = {way[2] for way in ways if len(way) == 3 and way[:2] == ["lanes", str(number)]}
        if "kind" in asked:
            old = dict(enumerate(lane_tables(document))).get(number, {})
            if "interventions" not in asked and _kind(lane) is not _kind(old):
                lane.pop("interventions", None)  # they name gates and matrices of the old kind
            _trim(lane, asked, old)
            if _kind(lane) is FeedForwardLane:
                _unmatch(lane_tables(after), number)
        if "hidden_size" in asked and "match" not in asked:
            lane.pop("match", None)
        elif "hidden_size" in asked and lane.get("match") is not None:
            raise PresetError(source, [f"lanes.{number}.hidden_size: follows from match; set one of the two"])
    return after


def lane_tables(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the lanes of a document; empty if they are not a list of tables."""
    lanes = document.get("lanes")
    return lanes if isinstance(lanes, list) and all(isinstance(lane, dict) for lane in lanes) else []


def _kind(lane: Mapping[str, Any]) -> type[LaneSettings] | None:
    return LANES.get(lane["kind"]) if isinstance(lane.get("kind"), str) else None


def _trim(lane: dict[str, Any], asked: set[str], before: Mapping[str, Any]) -> None:
    """Remove settings of a lane that its kind ``before`` had and its new kind does not have."""
    new, old = _kind(lane), _kind(before)
    if new is None or old is None:
        return
    follows = {"hidden_size"} if "match" in before and lane.get("hidden_size", 0) > WIDEST else set()
    for key in (lane.keys() & old.model_fields.keys()) - (new.model_fields.keys() - follows) - asked:
        del lane[key]
    if lane.get("name") == before["kind"].upper() and new is not old and "name" not in asked:
        del lane["name"]


def _unmatch(lanes: list[dict[str, Any]], number: int) -> None:
    """Remove every ``match`` to this lane."""
    for lane in lanes:
        if lane.get("match") == number:
            del lane["match"]


def set_keys(document: Mapping[str, Any], changes: Mapping[str, Any], source: str) -> dict[str, Any]:
    """Return a copy of the document with dotted keys set; those of the lane after the last one append a lane.

    Raises:
        PresetError: a key leads through a value that is not a table, or to a lane that does not exist.
    """
    if problems := unfit(document):
        raise PresetError(source, problems)
    copy = deepcopy(dict(document))
    known = len(lane_tables(document))
    for key, value in sorted(changes.items(), key=lambda change: max(known, _lane(change[0]) + 1)):  # new lanes last
        *way, last = key_words(key)
        try:
            lanes = copy.get("lanes")
            if isinstance(lanes, list) and _lane(key) == len(lanes):
                lanes.append({})
            table = reduce(_enter, way, copy)
            own = value if unfit({last: value}) else deepcopy(value)  # an unfit value is refused when it is parsed
            table[_number(last, table) if isinstance(table, list) else last] = own
        except LookupError as error:
            problems.append(f"{key}: {error.args[0]}")
    if problems:
        raise PresetError(source, problems)
    return copy


def _lane(key: str) -> int:
    """Return the number of the lane whose setting a dotted key is; −1 for other keys."""
    match key_words(key):
        case ["lanes", number, _, *_] if number in map(str, range(MOST_LANES)):
            return int(number)
    return -1


def key_words(key: str) -> list[str]:
    """Return the words of a dotted key; ``lanes[0].gain`` means ``lanes.0.gain``."""
    return key.replace("[", ".").replace("]", "").split(".")


def _enter(at: Any, word: str) -> Any:
    """Return the table or list that a word of a dotted key leads to."""
    found = at[_number(word, at)] if isinstance(at, list) else at.setdefault(word, {})
    if not isinstance(found, dict | list):
        raise LookupError(f"{word!r} is not a table")
    return found


def _number(word: str, lanes: list[Any]) -> int:
    """Return the index in a list that a word of a dotted key gives."""
    if word in map(str, range(len(lanes))):
        return int(word)
    there = f"there {'is 1 lane' if len(lanes) == 1 else f'are {len(lanes)} lanes'}"
    more = f": the next is lanes.{len(lanes)}" if len(lanes) < MOST_LANES else ", which is the limit"
    raise LookupError(f"there is no lane {word!r}; {there}{more}")


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> set[str]:
    """Return the dotted keys whose values differ between two documents."""
    first, second = dict(leaves(one)), dict(leaves(other))
    return {key for key in first.keys() | second.keys() if first.get(key) != second.get(key)}


def leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the dotted key and the value of everything in a document that is neither a table nor a list of tables."""
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list) and all(isinstance(item, dict) for item in value):
        items = [(str(number), item) for number, item in enumerate(value)]
    else:
        yield key, value
        return
    for name, inner in items:
        yield from leaves(inner, f"{key}.{name}" if key else name)
