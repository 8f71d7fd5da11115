"""What tests need of Textual that has no public name: the screen as it is drawn, toasts, the wheel, the terminal.

This is the only test module that uses private attributes; tests/test_architecture.py sees to that.
"""

import unicodedata
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.app import App
from textual.binding import Binding
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.events import Key, MouseEvent
from textual.geometry import Size
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.notifications import Notification
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget


def strips_of(app: App[Any]) -> list[Strip]:
    """Return the rows of the screen, with their styles."""
    visible_screen_stack.set(app._background_screens)
    return app.screen._compositor.render_strips()


def screen_lines(app: App[Any]) -> list[str]:
    """Return the rows of the screen as text."""
    return ["".join(segment.text for segment in strip) for strip in strips_of(app)]


def notifications_of(app: App[Any]) -> list[Notification]:
    """Return the toasts that are on the screen."""
    return list(app._notifications)


def survived_error(app: App[Any]) -> Exception | None:
    """Return the exception for which the test would fail at its end, and let the test pass."""
    error, app._exception = app._exception, None
    return error


def bindings_of(node: DOMNode) -> list[Binding]:
    """Return the keys that a widget or a screen binds itself."""
    return [binding for _, binding in node._bindings]


def key_event(name: str) -> Key:
    """Return the key as the terminal sends it."""
    name = _character_to_key(name) if len(name) == 1 else name
    try:
        character = unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(name, name)))
    except KeyError:
        character = name if len(name) == 1 else None
    return Key(name, character)


draw_changes = Compositor.render_update  # whatever is patched


async def drawn(pilot: Pilot[Any]) -> None:
    """Return when every widget has handled its queue and what that leads to, and it is drawn; at once after the end."""
    for _ in range(2):
        if await pilot._wait_for_screen() and pilot.app.screen_stack:
            pilot.app.screen._on_timer_update()
    if pilot.app.screen_stack:
        draw_changes(pilot.app.screen._compositor, screen_stack=pilot.app._background_screens)


def count_layouts(monkeypatch: pytest.MonkeyPatch) -> list[Size]:
    """Return a list that gets the size of the screen each time that a screen is laid out."""
    found: list[Size] = []
    lay_out = Screen._refresh_layout

    def noted(screen: Screen[Any], *args: Any, **options: Any) -> None:
        found.append(screen.size)
        lay_out(screen, *args, **options)

    monkeypatch.setattr(Screen, "_refresh_layout", noted)
    return found


async def turn_wheel(pilot: Pilot[Any], event: type[MouseEvent], widget: Widget, x: int, y: int, shift: bool = False):
    """Turn the mouse wheel over a place in a widget."""
    await pilot._post_mouse_events([event], widget, offset=(x, y), shift=shift)
    await pilot.pause()


def set_terminal_size(app: App[Any], size: Size) -> None:
    """Give the terminal another size, as if the user had, without waiting for the app to draw it."""
    app._driver._size = size


def watch_writes(app: App[Any], monkeypatch: pytest.MonkeyPatch, write: Callable[[str], object]) -> None:
    """Hand all that is written to the terminal to ``write``."""
    monkeypatch.setattr(app._driver, "write", write)


@contextmanager
def style_sheets_parsed_once() -> Iterator[None]:
    """Let all apps share what Textual parses again for each app: its style sheets, with the variables of a theme."""
    parse, parsed = Stylesheet._parse_rules, dict[tuple[Hashable, ...], list[RuleSet]]()

    def parse_once(sheet: Stylesheet, *source: Hashable, **more: Hashable) -> list[RuleSet]:
        key = (*source, *more.items(), *sheet._variables.items())
        if key not in parsed:
            parsed[key] = parse(sheet, *source, **more)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_once)
        yield


@contextmanager
def drawn_when_looked_at() -> Iterator[None]:
    """Draw a screen when a test reads it or waits for ``drawn``, and not at each change on the way there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Compositor, "render_update", lambda *_, **__: None)
        yield
