"""A lesson as a TOML document: its schema, and the rules that need its preset."""

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_core import ErrorDetails

from rnn_tui.errors import FileError, PresetError, RnnTuiError, escaped, nearest
from rnn_tui.presets import store
from rnn_tui.presets.lane_settings import one_line, printable
from rnn_tui.presets.preset import Preset
from rnn_tui.presets.store import PresetFile
from rnn_tui.presets.validation_messages import describe, key_of, unfit, value_text
from rnn_tui.tasks.settings_model import SettingsModel
from rnn_tui.ui.input.bindings import named
from rnn_tui.ui.input.key_names import key_of as key_named
from rnn_tui.ui.lessons.conditions import Condition, condition, together
from rnn_tui.ui.lessons.lesson import BRACES, Choice, Choices, Lesson, NumberQuestion, Page, PlaceQuestion, Text
from rnn_tui.ui.lessons.quantities import MEASURED, Quantity, begins_quantity, quantity
from rnn_tui.ui.panels.registry import declarations

LONGEST_TEXT, LONGEST_REMARK = 60, 40  # words
PLACE = re.compile(r"pages\.(?P<page>\d+)(?:\.choices\.(?P<answer>\d+))?")


def _words(most: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        text = " ".join(printable(text).split())
        if not text:
            raise ValueError("must not be empty")
        if (count := len(text.split())) > most:
            raise ValueError(f"has {count} words; at most {most} are allowed")
        return text

    return check


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


PageText = Annotated[str, AfterValidator(_words(LONGEST_TEXT))]
Remark = Annotated[str, AfterValidator(_words(LONGEST_REMARK))]
Line = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(one_line)]
Words = Annotated[list[Line], Field(min_length=1, max_length=8), BeforeValidator(_as_list)]


class ChoiceTable(SettingsModel):
    """An answer to choose; ``say``: what is said of it."""

    answer: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(one_line)]
    say: Remark
    right: bool = False


class NumberTable(SettingsModel):
    """A number to give.  ``right``: the value, or the name of the quantity that has it."""

    right: float | str
    tolerance: Annotated[float, Field(ge=0)] = 0.0
    say: Remark
    wrong: Remark


class PlaceTable(SettingsModel):
    """A place to move the cursor to.  ``right``: the condition that holds there."""

    right: Line
    say: Remark
    wrong: Remark


class PageTable(SettingsModel):
    text: PageText
    show: Line | None = None
    until: Words | None = None
    done: Remark | None = None
    hint: Remark | None = None
    choices: Annotated[list[ChoiceTable], Field(min_length=2, max_length=5)] | None = None
    number: NumberTable | None = None
    place: PlaceTable | None = None
    then: Remark | None = None
    then_hint: Remark | None = None
    solution: str = ""


class LessonTable(SettingsModel):
    title: Annotated[str, Field(min_length=1, max_length=60), AfterValidator(one_line)]
    about: Line
    minutes: Annotated[int, Field(ge=1, le=60)]
    preset: Annotated[str, Field(min_length=1)]
    changes: dict[str, Any] = Field(default_factory=dict)


def load(path: Path) -> Lesson:
    """Read and validate a lesson file.  Raises FileError with all problems."""
    _, document = store.read_toml(path)
    return parse(document, str(path), path.stem, path.parent)


def parse(document: Mapping[str, Any], source: str, name: str, folder: Path) -> Lesson:
    """Validate a document and return the lesson.  The path of a preset in it starts at ``folder``.

    Raises:
        FileError: with all problems of the document.
    """
    if problems := unfit(document):
        raise FileError(source, problems)
    pages = document.get("pages")
    table, problems = _valid(LessonTable, {key: value for key, value in document.items() if key != "pages"}, ())
    name_of_preset, changes = document.get("preset"), document.get("changes", {})
    file = None
    if isinstance(name_of_preset, str) and isinstance(changes, dict):
        file, more = _preset_of(name_of_preset, changes, folder)
        problems += more
    if pages is None:
        problems.append("pages: missing; write each page as a table [[pages]]")
    elif not isinstance(pages, list) or not pages:
        problems.append(f"pages = {value_text(pages)}: must be a list of at least one page; write each as [[pages]]")
        pages = None
    tables = []
    for number, each in enumerate(pages or []):
        valid, found = _valid(PageTable, each, ("pages", number))
        problems += found
        if valid is None and isinstance(each, Mapping):
            valid, _ = _valid(PageTable, _without_mistakes(each), ("pages", number))
        if valid is not None:
            tables.append((number, valid, not found))
    reader = _PageReader(file.preset) if file else None
    read = [reader.page(*each) for each in tables] if reader else []
    problems += reader.problems if reader else []
    if problems or table is None or file is None:
        raise FileError(source, [_counted(problem) for problem in sorted(problems, key=_place)], len(problems))
    return Lesson(name, table.title, table.about, table.minutes, file, tuple(read))


def _place(problem: str) -> tuple[int, int]:
    """Return where a problem is, to list problems in the order of the document."""
    found = PLACE.match(problem)
    return (1, int(found["page"])) if found else (0, 0)


def _counted(problem: str) -> str:
    """Return a problem with its page and its answer counted from 1, as the lab counts pages."""
    found = PLACE.match(problem)
    if found is None:
        return problem
    answer = f", answer {int(found['answer']) + 1}" if found["answer"] else ""
    rest = problem[found.end() :].removeprefix(".")
    return f"page {int(found['page']) + 1}{answer}{'' if rest.startswith((':', ' =')) else ': '}{rest}"


Table = TypeVar("Table", bound=SettingsModel)


def _valid(model: type[Table], table: object, above: tuple[int | str, ...]) -> tuple[Table | None, list[str]]:
    """Return the validated table, or None and its problems."""
    try:
        return model.model_validate(table), []
    except ValidationError as error:
        return None, [_problem(model, above, item) for item in error.errors(include_url=False)]


def _without_mistakes(page: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page without its unknown keys and without the keys whose values are wrong, so that the rest is read."""
    rest = deepcopy(dict(page))
    for error in _mistakes(rest):
        if error["type"] == "extra_forbidden":
            *way, key = error["loc"]
            table: Any = rest
            for each in way:
                table = table[each]
            del table[key]
    for error in _mistakes(rest):
        rest.pop(str(error["loc"][0]), None)
    return {"text": "-"} | rest


def _mistakes(page: Mapping[str, Any]) -> list[ErrorDetails]:
    try:
        PageTable.model_validate(page)
    except ValidationError as error:
        return error.errors(include_url=False)
    return []


def _problem(model: type[SettingsModel], above: tuple[int | str, ...], error: ErrorDetails) -> str:
    inner: Mapping[str, type[SettingsModel]] = {
        "choices": ChoiceTable, "number": NumberTable, "place": PlaceTable,
    }  # fmt: skip
    way = error["loc"]
    owner = inner.get(str(way[0]), model) if len(way) > 1 else model
    allowed = list(owner.model_fields) + (["pages"] if model is LessonTable else [])
    error["loc"] = (*above, *way)
    return describe(error, allowed)


def _preset_of(name: str, changes: Mapping[str, Any], folder: Path) -> tuple[PresetFile | None, list[str]]:
    """Return the preset of a lesson with its changes, and the problems of both.

    If only the changes have problems, it is the preset without them.
    """
    try:
        beside = folder / name
        path = beside if beside.suffix == ".toml" and beside.is_file() else store.find(name)
        plain = store.load(path)
    except PresetError as error:
        return None, [f"preset {escaped(str(path))}: {problem}" for problem in error.problems]
    except RnnTuiError as error:
        return None, [f"preset: {error}"]
    try:
        return store.load(path, changes) if changes else plain, []
    except PresetError as error:
        return plain, [f"changes: {problem}" for problem in error.problems]


class _PageReader:
    """Reads the pages of a lesson on ``preset``, and collects their problems."""

    def __init__(self, preset: Preset) -> None:
        self._preset, self.problems = preset, list[str]()
        self._page, self._is_whole = 0, True

    def page(self, number: int, table: PageTable, is_whole: bool) -> Page:
        """Return a page.  ``is_whole``: whether the table has all that is in the document; else what is missing in it
        may be there.
        """
        self._page, self._is_whole = number, is_whole
        if is_whole:
            self._check_parts(table)
        return Page(
            text=self._text("text", table.text),
            show=self._shown(table.show),
            until=together([*filter(None, (self._condition("until", each) for each in table.until or []))]),
            done=self._remark("done", table.done),
            hint=self._remark("hint", table.hint),
            question=self._question(table),
            then=self._remark("then", table.then),
            then_hint=self._remark("then_hint", table.then_hint),
            solution=self._keys(table.solution),
        )

    def _check_parts(self, table: PageTable) -> None:
        """Report parts that do not go together."""
        if table.done and not table.until:
            self._problem("done", "is said when the condition of 'until' is met, which is missing")
        if table.then and not (table.until and self._questions(table)):
            self._problem("then", "needs a question and 'until'")
        if table.then_hint and not table.then:
            self._problem("then_hint", "needs 'then', which it explains; other pages have a 'hint'")
        if len(kinds := self._questions(table)) > 1:
            self._problem(kinds[1], f"a page has at most one question, and this one has {kinds[0]} too")
        if kinds and table.until and not table.then:
            self._problem("then", "missing: after an answer, it says what to do until the condition is met")
        if kinds and table.done:
            self._problem("done", "what is said of the answer is said in its place; leave it out")

    def _problem(self, key: str, text: str) -> None:
        self.problems.append(f"{key_of(('pages', self._page, *key.split('.')))}: {text}")

    def _found(self, key: str, value: object, text: str) -> None:
        self.problems.append(f"{key_of(('pages', self._page, *key.split('.')))} = {value_text(value)}: {text}")

    @staticmethod
    def _questions(table: PageTable) -> list[str]:
        return [name for name in ("choices", "number", "place") if getattr(table, name) is not None]

    def _text(self, key: str, words: str) -> Text:
        """Return a text; report names in braces that are neither keys nor quantities."""
        quantities = {}
        for name in BRACES.findall(words):
            if name in named():
                continue
            try:
                quantities[name] = quantity(name, self._preset)
            except ValueError as error:
                near = "" if begins_quantity(name) else nearest(name, named())
                self._problem(key, f"{{{name}}}: unknown key{near}" if near else f"{{{name}}}: {error}")
        if lone := re.search(r"[{}]\S*", BRACES.sub("", words)):
            self._problem(key, f"{lone[0]!r}: a brace without its pair; names are written as in {{run.step}}")
        return Text(words, quantities)

    def _remark(self, key: str, words: str | None) -> Text | None:
        return None if words is None else self._text(key, words)

    def _condition(self, key: str, text: str) -> Condition | None:
        try:
            return condition(text, self._preset)
        except ValueError as error:
            self._found(key, text, str(error))
            return None

    def _shown(self, name: str | None) -> str:
        if name is None:
            return ""
        panels = [each.name for each in declarations()]
        try:
            if name in panels:
                return name
            if "." not in name or name.startswith("cursor.") or name.split(".")[-1] in MEASURED:
                raise ValueError(
                    f"must be a panel or a row of the controls"
                    f"{nearest(name, panels) or '; the panels are ' + ', '.join(panels)}"
                )
            return quantity(name, self._preset).name
        except ValueError as error:
            self._found("show", name, str(error))
            return ""

    def _question(self, table: PageTable) -> Choices | NumberQuestion | PlaceQuestion | None:
        if table.choices is not None:
            right = sum(each.right for each in table.choices)
            if right != 1 and self._is_whole:
                self._problem("choices", f"exactly one answer must be right, not {right}")
            texts = [each.answer for each in table.choices]
            if len(set(texts)) < len(texts):
                self._problem("choices", "two answers are the same")
            return Choices(tuple(self._choice(number, each) for number, each in enumerate(table.choices)))
        if table.number is not None:
            say, wrong = (self._text(f"number.{key}", getattr(table.number, key)) for key in ("say", "wrong"))
            return NumberQuestion(self._value(table.number.right), say, wrong, table.number.tolerance)
        if table.place is not None:
            say, wrong = (self._text(f"place.{key}", getattr(table.place, key)) for key in ("say", "wrong"))
            place = self._condition("place.right", table.place.right)
            return None if place is None else PlaceQuestion(place, say, wrong)
        return None

    def _choice(self, number: int, table: ChoiceTable) -> Choice:
        return Choice(table.answer, table.right, self._text(f"choices.{number}.say", table.say))

    def _value(self, right: float | str) -> Quantity | float:
        if not isinstance(right, str):
            return right
        try:
            found = quantity(right, self._preset)
            if found.kind == "number":
                return found
            self._found("number.right", right, "is a word; it must be a number")
        except ValueError as error:
            self._found("number.right", right, str(error))
        return 0.0

    def _keys(self, solution: str) -> tuple[str, ...]:
        found = []
        for word in solution.split():
            try:
                found.append(key_named(word))
            except ValueError as error:
                self._problem("solution", f"{word!r}: {error}")
        return tuple(found)
