"""Somebody who watches a demo's board, without servers: its records through the pure core."""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from processor.core.head import Head
from processor.core.plan import CASES
from processor.core.record import Record
from processor.core.window import Windows
from processor.demo.play import Play, perform
from processor.demo.stage import _base_toml
from processor.export.board import board_model
from processor.export.watch import Watch
from processor.settings.definition import to_definitions
from processor.settings.load import load
from processor.settings.model import Settings
from processor.simulate.delivery import Sending
from processor.store.contract import Place
from processor.store.reader import Reader
from tests.world import World

FIRST_BEGIN_MS = 1_772_500_500_123
"""2026-03-03 01:15 UTC: a demo has no quiet hours."""

APART_MS = 101 * 3_600_000
"""Another seed is watched on another day and at another hour."""

TOPICS = {
    "response": ("surveys",),
    "contact": ("contacts",),
    "cart": ("carts",),
    "case": (CASES,),
}
MINUTE_MS = 60_000


class _Glance:
    """What a reader holds, all of it read at one instant."""

    def __init__(self, windows: Windows, heads: dict[Place, Head]) -> None:
        self.windows = windows
        self.heads = heads
        self.changed_ms = dict.fromkeys(heads, windows.now_ms)

    async def refresh(self, now_ms: int) -> None:
        """Nothing changed since."""


class Audience:
    """A board as the demo's own settings make it."""

    def __init__(self, play: Play) -> None:
        self.settings = demo_settings()
        self.definitions = to_definitions(self.settings)
        self.world = World(self.definitions)
        self._begin_ms = FIRST_BEGIN_MS + play.seed * APART_MS
        self._stream = perform(play, self._begin_ms)
        self._waiting: list[Sending] = []

    async def boards(self, minutes: float) -> dict[str, list[dict[str, Any]]]:
        """The tiles of every window, so many minutes after the demo began."""
        now_ms = self._begin_ms + int(minutes * MINUTE_MS)
        self._listen(now_ms)
        heads = {Place(*place): view.head for place, view in self.world.views.items()}
        for head in heads.values():
            head.vouch(now_ms)
        reader = _Glance(self.world.windows(now_ms), heads)
        watch = Watch(cast("Reader", reader), TOPICS, now_ms=lambda: now_ms, stale_after_ms=30_000)
        await watch.refresh()
        build, targets = {"version": "0"}, dict(self.settings.targets)
        return {
            window.name: board_model(watch, window, build, targets)["tiles"]
            for window in self.definitions.windows
        }

    def _listen(self, until_ms: int) -> None:
        """Take in what arrives until an instant."""
        arrived: defaultdict[str, list[Record]] = defaultdict(list)
        for sending in itertools.chain(self._waiting, self._stream):
            if sending.arrival_ms >= until_ms:
                self._waiting = [sending]
                break
            log = arrived[sending.topic]
            offset = self.world.view(sending.topic).head.position + len(log)
            log.append(
                Record(offset, sending.arrival_ms, sending.key, sending.value, sending.headers)
            )
        for topic, records in arrived.items():
            self.world.feed(topic, records)


def demo_settings() -> Settings:
    """The settings of a demo, as its processes read them."""
    with TemporaryDirectory() as folder:
        config = Path(folder) / "cxpulse.toml"
        config.write_text(_base_toml(9700))
        return load(config, {}).settings


def figures(tiles: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every figure of a board: the headlines and what stands beside them."""
    for tile in tiles:
        yield tile
        yield from tile["beside"]


def bad(figures: Iterator[dict[str, Any]]) -> set[str]:
    """The metrics that are clearly worse than their target."""
    return {figure["metric"] for figure in figures if figure["state"] == "bad"}
