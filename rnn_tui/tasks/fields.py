"""The tables of a document, and what their fields may hold: ``Annotated[int, Within(1, 2000)] = 40``.

Making a table checks nothing.  What somebody has written goes through ``checking``, which takes longer to load than
this may take: tables are needed before the first frame.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, TypeVar, dataclass_transform, get_args, get_origin


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
class Table:
    """A frozen dataclass, whose subclasses are dataclasses too.

    They share the methods here: to have them written for each class of its own takes half a millisecond a class.
    """

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    known: ClassVar[dict[str, Field[Any]]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        dataclass(init=False, repr=False, eq=False, match_args=False)(cls)
        cls.known = {field.name: field for field in fields(cls)}

    def __init__(self, **values: Any) -> None:
        if unknown := values.keys() - self.known.keys():
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")
        for name, one in self.known.items():
            if name not in values:
                values[name] = _default(one)
        self.__dict__.update(values)

    def __eq__(self, other: object) -> bool:
        """By the fields alone: what was read from a file meanwhile makes no difference."""
        return type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(tuple(self._values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self.known)})"

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def _values(self) -> list[Any]:
        return [getattr(self, name) for name in self.known]


def _default(one: Field[Any]) -> Any:
    if one.default is not MISSING:
        return one.default
    if one.default_factory is MISSING:
        raise TypeError(f"{one.name} is missing")
    return one.default_factory()


def plain(value: Any) -> Any:
    """A table, and those within it, as plain data."""
    if isinstance(value, Table):
        return {name: plain(getattr(value, name)) for name in value.known}
    return [plain(item) for item in value] if isinstance(value, list) else value


AnyTable = TypeVar("AnyTable", bound=Table)


# What stands beside a type in ``Annotated``.


class Within(NamedTuple):
    """A number from ``least`` to ``most``, greater than ``above``, less than ``below``."""

    least: float | None = None
    most: float | None = None
    above: float | None = None
    below: float | None = None


class Size(NamedTuple):
    """How long a text or a list is."""

    least: int | None = None
    most: int | None = None


class Rule(NamedTuple):
    """Takes a value of the right type and returns it; raises ValueError for one that is not allowed."""

    function: Callable[[Any], Any]


class Reading(NamedTuple):
    """Makes a value of the right type of what the document says; raises ValueError where it cannot."""

    function: Callable[[Any], Any]


class ByKind(NamedTuple):
    """One of several tables, told by its ``kind``."""

    tables: Mapping[str, type[Table]]


class About(NamedTuple):
    """What the value means, in words."""

    words: str


def parts(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """The type, and what stands beside it."""
    if get_origin(annotation) is not Annotated:
        return annotation, ()
    inner, *beside = get_args(annotation)
    return inner, tuple(beside)


def about(table: type[Table], name: str) -> str:
    """What a field means, in words."""
    _, beside = parts(table.known[name].type)
    return " ".join(words.words for words in beside if isinstance(words, About))


def built(table: type[AnyTable], document: Mapping[str, Any]) -> AnyTable:
    """The table that a document stands for which is known to be in order.

    Where it is not, some error may be raised, or none: of bounds and rules nothing is seen.
    """
    return table(**{name: _value(table.known[name].type, value) for name, value in document.items()})


def _value(annotation: Any, value: Any) -> Any:
    kind, beside = parts(annotation)
    for mark in beside:
        if isinstance(mark, ByKind):
            kind = mark.tables[value["kind"]]
    if get_origin(kind) is list:
        return [_value(get_args(kind)[0], item) for item in value]
    if isinstance(kind, type) and issubclass(kind, Table):
        return built(kind, value)
    if kind is float and type(value) is int:
        return float(value)
    if get_origin(kind) is Literal and value not in get_args(kind):
        raise ValueError(f"{value!r} is none of {get_args(kind)}")
    if isinstance(kind, type) and type(value) is not kind:
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value
