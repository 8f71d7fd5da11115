"""Documents held against the schema, by pydantic.

It is the one module that knows pydantic, and is imported where a document is to be checked: loading it, and making its
models, takes a tenth of a second, which the first frame does not wait for.
"""

from collections.abc import Mapping
from dataclasses import MISSING
from functools import partial, reduce
from operator import or_
from typing import Annotated, Any, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    WrapValidator,
    create_model,
)

from rnn_tui.tasks.fields import AnyTable, ByKind, Reading, Rule, Size, Table, Within, parts

AS_WRITTEN = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)  # nothing is left out, nothing converted
ADAPTERS: dict[type[Table], TypeAdapter[Any]] = {}  # that have been made


class Invalid(Exception):
    """``errors``: all that is wrong, each as pydantic has it."""

    def __init__(self, errors: list[Mapping[str, Any]]) -> None:
        super().__init__(errors)
        self.errors = errors


def checked(table: type[AnyTable], document: Any) -> AnyTable:
    """The table that a document stands for; a table within it that has been made already is in order.

    Raises:
        Invalid: with every problem at once.
    """
    try:
        found: AnyTable = _adapter(table).validate_python(document)
        return found
    except ValidationError as error:
        raise Invalid(list(error.errors(include_url=False))) from None


def prepare(table: type[Table]) -> None:
    """Make ahead what checking such a table needs, which is kept."""
    _adapter(table)


def _adapter(table: type[Table]) -> TypeAdapter[Any]:
    if table not in ADAPTERS:
        ADAPTERS[table] = TypeAdapter(_model(table))
    return ADAPTERS[table]


def _model(table: type[Table]) -> Any:
    """A pydantic model with the table's fields, of which the table is made as soon as they are in order."""
    known = {
        name: (_type(field.type), ... if field.default is field.default_factory is MISSING else None)
        for name, field in table.known.items()
    }
    model: type[BaseModel] = create_model(table.__name__, __config__=AS_WRITTEN, **known)  # type: ignore[call-overload]
    return Annotated[model, WrapValidator(partial(_made, table))]


def _made(table: type[Table], value: Any, handler: Any) -> Table:
    if isinstance(value, table):
        return value
    given = handler(value)
    return table(**{name: getattr(given, name) for name in given.__pydantic_fields_set__})


def _type(annotation: Any) -> Any:
    """The annotation as pydantic wants it."""
    kind, beside = parts(annotation)
    if isinstance(kind, type) and issubclass(kind, Table) and not any(isinstance(mark, ByKind) for mark in beside):
        kind = _model(kind)
    elif get_origin(kind) is list:
        kind = list[_type(get_args(kind)[0])]  # type: ignore[misc]
    for mark in beside:
        if isinstance(mark, ByKind):
            kind = reduce(or_, (_model(table) for table in mark.tables.values()))
        for constraint in _constraints(mark):
            kind = Annotated[kind, constraint]
    return kind


def _constraints(mark: Any) -> tuple[Any, ...]:
    """What pydantic has for something that stands beside a type."""
    if isinstance(mark, Within):
        return (Field(ge=mark.least, le=mark.most, gt=mark.above, lt=mark.below),)
    if isinstance(mark, Size):
        return (Field(min_length=mark.least, max_length=mark.most),)
    if isinstance(mark, Rule):
        return (AfterValidator(mark.function),)
    if isinstance(mark, Reading):
        return (BeforeValidator(mark.function),)
    if isinstance(mark, ByKind):
        return (Field(discriminator="kind"),)
    return ()
