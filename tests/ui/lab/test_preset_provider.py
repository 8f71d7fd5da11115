"""The command palette: every action of the lab, and every preset."""

import threading
from pathlib import Path

from support.lab_driver import lab
from support.waiting import wait_until
from textual.command import CommandList, CommandPalette
from textual.widgets import Input

from rnn_tui.presets.store import Entry, entries
from rnn_tui.ui.dialogs.base import TextDialog
from rnn_tui.ui.input.bindings import lab_keys
from rnn_tui.ui.lab import preset_provider
from rnn_tui.ui.lab.action_provider import ActionProvider
from rnn_tui.ui.lab.preset_provider import said, shown

SMALL = (80, 24)  # nothing is looked at that needs more room


async def found(it, words, line=""):
    """What the palette lists for some words, the best first, when it lists the line or begins with the words."""
    if not isinstance(it.app.screen, CommandPalette):
        await it.press("ctrl+p")
        await wait_until(lambda: isinstance(it.app.screen, CommandPalette))
    it.app.screen.query_one(Input).value = words
    commands = it.app.screen.query_one(CommandList)
    await wait_until(
        lambda: (
            any(each.split("\n")[0] == line for each in listed(commands))
            if line
            else commands.option_count and words.casefold() in listed(commands)[0].casefold()
        )
    )
    return listed(commands)


def listed(commands):
    return [str(option.prompt) for option in commands.options]


async def test_every_action_is_found_by_what_it_is_called_and_done_when_it_is_chosen() -> None:
    async with lab(size=SMALL) as it:
        actions = ActionProvider(it.app.lab)
        for binding in lab_keys():
            hits = {hit.text: hit.help async for hit in actions.search(binding.description)}
            assert binding.tooltip in hits[binding.description]
        lines = await found(it, "Step ten", "Step ten")
        (step,) = (binding for binding in lab_keys() if binding.description == "Step ten")
        assert any(step.tooltip in line for line in lines)
        await it.press("enter")
        await it.step_is(10)


async def test_actions_settings_and_presets_are_found_by_related_words() -> None:
    async with lab(size=SMALL) as it:
        for words, line in (
            ("undo", "Undo"),
            ("revert", "Undo"),
            ("seed", "New seed"),
            ("exporting", "Export"),
            ("SVG", "Export"),
            ("backpropagation", "Slow motion"),
            ("gradient norm", "Panel 4"),
            ("nats", "Panel 5"),
            ("initializer", "Set init of RNN, now orthogonal"),
            ("vanishing", "echo-20: A long echo: the gain of W_hh"),
            ("clip", "Set clip, now 1"),
        ):
            await found(it, words, line)
        await found(it, "set clip")
        await it.press("enter")
        await wait_until(lambda: isinstance(it.app.screen, TextDialog))


async def test_a_part_of_a_presets_name_or_title_finds_and_opens_it() -> None:
    async with lab(size=SMALL) as it:
        for words, name in (("temporal-x", "temporal-xor"), ("ways to init", "initializers")):
            await found(it, words)
            await it.press("enter")
            await wait_until(lambda name=name: it.view.name == name)


async def test_without_words_all_presets_are_listed_and_what_is_broken_is_left_out(monkeypatch) -> None:
    good = Entry("tried", Path("tried.toml"), True, "A [b]bold[/b] [/ title", "Why [red]?")
    bad = Entry("broken", Path("broken.toml"), True, problem="no")
    monkeypatch.setattr(preset_provider, "entries", lambda: [good, bad])
    async with lab(size=SMALL) as it:
        await it.press("ctrl+p")
        await wait_until(lambda: any("tried" in line for line in listed(it.app.screen.query_one(CommandList))))
        lines = listed(it.app.screen.query_one(CommandList))
        assert "tried: A [b]bold[/b] [/ title\nWhy [red]?" in lines
        assert not any("broken" in line for line in lines)
        assert await found(it, "bold[/b]") == ["tried: A [b]bold[/b] [/ title\nWhy [red]?"]


async def test_presets_are_read_beside_the_screen(monkeypatch) -> None:
    read, threads = threading.Event(), []

    def slow():
        threads.append(threading.current_thread())
        assert read.wait(10)  # which would hold up everything, if the screen waited for it
        return [Entry("late", Path("late.toml"), False)]

    monkeypatch.setattr(preset_provider, "entries", slow)
    async with lab(size=SMALL) as it:
        await it.press("ctrl+p")
        await wait_until(lambda: threads)
        assert threads[0] is not threading.main_thread()
        await it.press("l", "a", "t")  # each of which calls off the search before it
        read.set()
        commands = it.app.screen.query_one(CommandList)
        await wait_until(lambda: "late" in listed(commands))


def test_every_bundled_preset_is_shown_with_its_title_and_its_question():
    for entry in entries():
        assert shown(entry).plain == f"{entry.name}: {entry.title}\n{entry.question}"
        assert said(entry) == f"{entry.name}: {entry.title}"
