"""What a scrape costs: an exporter whose windows hold some ten thousand series, asked over HTTP."""

import asyncio
import time
from collections.abc import Sequence

from aiohttp import ClientSession, web
from prometheus_client import CollectorRegistry

from processor.core.definitions import Definitions, Dimension
from processor.core.head import Head, LogIdentity
from processor.core.pane import PaneChanges, pack_vector, pane_at
from processor.core.slice import cell_name
from processor.core.tally import NPS
from processor.export.server import Surface
from processor.export.watch import Watch
from processor.store.contract import NONE, Commit, Place
from processor.store.memory_store import MemoryStore
from processor.store.reader import Reader

NOW_MS = 1_772_445_600_000
SCRAPES = 20


def scrape_times(series: int) -> tuple[int, Sequence[float]]:
    """How many series there really are, and the seconds of each scrape."""
    return asyncio.run(_scrape(series))


async def _scrape(series: int) -> tuple[int, Sequence[float]]:
    watch = await _filled(series)
    runner = web.AppRunner(Surface(watch, CollectorRegistry(), {"version": "bench"}, {}).app())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/metrics"
    times = []
    async with ClientSession() as session:
        for _ in range(SCRAPES):
            await watch.refresh()
            begun_s = time.perf_counter()
            async with session.get(url) as answer:
                text = await answer.text()
            times.append(time.perf_counter() - begun_s)
    await runner.cleanup()
    lines = sum(not line.startswith("#") for line in text.splitlines())
    return lines, times


async def _filled(series: int) -> Watch:
    """A watch over NPS, by as many brands as make up the series.

    Each cell has 19 series in each of 5 windows.
    """
    brands = max(1, (series - 600) // (5 * 19))
    definitions = Definitions(
        dimensions=(Dimension("brand", tuple(f"brand-{n}" for n in range(brands))),)
    )
    names = [cell_name(NPS, (), (("brand", f"brand-{n}"),)) for n in range(brands)]
    cells = dict.fromkeys([*names, "nps"], pack_vector([1, 0, 2, 0, 3, 5, 8, 13, 21, 34, 55]))
    tiers = definitions.tiers_of(NPS)
    panes = {pane_at(tier_ms, NOW_MS - tier_ms): dict(cells) for tier_ms in tiers}
    panes |= {pane_at(tiers[0], NOW_MS): dict(cells)}
    store = MemoryStore()
    head = Head(1, 0, LogIdentity("bench", 1), as_of_ms=NOW_MS)
    await store.commit(Place("surveys", 0), Commit("a", NONE, head, {}, PaneChanges(panes, [])))
    topics = {"response": ("surveys",)}
    reader = Reader(store, definitions, ("surveys",))
    watch = Watch(reader, topics, now_ms=lambda: NOW_MS, stale_after_ms=30_000)
    await watch.refresh()
    return watch
