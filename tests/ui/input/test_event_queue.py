"""Events in order, one after the other, and no more of them than can be done."""

import asyncio

from support.waiting import wait_until
from textual.events import Key, MouseMove, Resize
from textual.geometry import Size

from rnn_tui.ui.input.event_queue import MOST_WAITING, EventQueue


class Screen:
    """Takes a turn of the loop for each event."""

    def __init__(self) -> None:
        self.given, self.told, self.busy = [], [], False

    async def give(self, event) -> None:
        assert not self.busy
        self.busy = True
        await asyncio.sleep(0)
        self.given.append(event)
        self.busy = False


def opened():
    screen = Screen()
    queue = EventQueue(screen.give, screen.told.append)
    queue.open()
    return screen, queue


async def test_events_are_given_in_order_one_at_a_time_and_none_before_it_is_open() -> None:
    screen = Screen()
    queue, keys = EventQueue(screen.give, screen.told.append), [Key(name, name) for name in "abcdef"]
    await asyncio.to_thread(lambda: [queue.offer(key) for key in keys])
    await asyncio.sleep(0)
    assert screen.given == []
    queue.open()
    await wait_until(lambda: queue.idle)
    assert screen.given == keys


async def test_too_many_keys_are_dropped_counted_and_told_of() -> None:
    screen, queue = opened()
    for _ in range(MOST_WAITING + 1234):
        queue.offer(Key("s", "s"))
    await wait_until(lambda: queue.idle)
    assert len(screen.given) == MOST_WAITING
    assert screen.told == ["ignored 1,234 keys that came too fast"]


async def test_of_sizes_and_of_moves_of_the_mouse_only_the_last_counts() -> None:
    screen, queue = opened()
    for n in range(5000):
        queue.offer(MouseMove(None, n, 0, 0, 0, 0, False, False, False))
        queue.offer(Resize(Size(n, n), Size(n, n)))
    await wait_until(lambda: queue.idle)
    assert [event.size.width for event in screen.given if isinstance(event, Resize)] == [4999]
    assert [event.x for event in screen.given if isinstance(event, MouseMove)] == [4999]
    assert screen.told == []
