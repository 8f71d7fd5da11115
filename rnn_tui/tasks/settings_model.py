"""The base of all pydantic models that users write as documents: presets, their tasks and lanes, and config.toml."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError, core_schema


class SettingsModel(BaseModel):
    """A frozen, strict model: no unknown keys, no conversions, no infinite numbers.

    A model's schema is built when the first document is validated, so that unused kinds cost no time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)

    def __eq__(self, other: object) -> bool:
        """Compare the fields only; cached properties, such as data that was read, are ignored."""
        return type(self) is type(other) and all(
            getattr(self, name) == getattr(other, name) for name in type(self).model_fields
        )

    def with_values(self, **values: Any) -> Self:
        """Return a copy with other values, without validation and without cached properties."""
        before = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_construct(**(before | values))


class ByKind:
    """An annotation for a field whose ``kind`` selects its model: ``Annotated[Task, ByKind(TASKS)]``.

    It is a discriminated union that reads its registry at each validation, so that kinds can be registered at any time.
    """

    def __init__(self, models: Mapping[str, type[SettingsModel]]) -> None:
        self._models = models

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        dumped = core_schema.plain_serializer_function_ser_schema(SettingsModel.model_dump)
        return core_schema.no_info_plain_validator_function(self._checked, serialization=dumped)

    def _checked(self, value: Any) -> SettingsModel:
        """Return the validated model; an existing one is not validated again.  Errors are those of pydantic unions."""
        if isinstance(value, SettingsModel) and type(value) in self._models.values():
            return value
        if not isinstance(value, dict):
            raise PydanticKnownError("model_type", {"class_name": "kind"})
        kinds = list(self._models)
        if "kind" not in value:
            raise PydanticCustomError("union_tag_not_found", "the kind is missing", {"kinds": kinds})
        kind = value["kind"]
        if not isinstance(kind, str) or kind not in self._models:
            raise PydanticCustomError("union_tag_invalid", "the kind is unknown", {"kinds": kinds})
        return self._models[kind].model_validate(value)  # pydantic adds its errors to those found elsewhere
