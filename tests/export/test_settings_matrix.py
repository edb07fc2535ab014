"""Whatever settings are accepted, every page is answered and shows what it can."""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import CollectorRegistry

from processor.core.head import Head, LogIdentity
from processor.core.pane import PaneChanges
from processor.export.server import Surface
from processor.export.watch import Watch
from processor.settings.load import load
from processor.settings.model import Settings
from processor.store.contract import NONE, Commit, Place
from processor.store.memory_store import MemoryStore
from processor.store.reader import Reader
from processor.wiring import exporter_plan, topics_by_entity
from tests.export.scene import NOW_MS

ENTITIES = {"surveys": "response", "contacts": "contact", "carts": "cart"}
WINDOWS = {
    "5m": ("5m", "10s"),
    "1h": ("1h", "1m"),
    "90m": ("90m", "90s"),
    "24h": ("1d", "1m"),
    "7d": ("7d", "1h"),
    "28d": ("28d", "1h"),
}
TILES = {
    "surveys": ["nps_score", "csat_ratio"],
    "contacts": ["fcr_ratio"],
    "carts": ["cart_abandonment_ratio"],
}
TOPIC_SETS = [t for size in (1, 2, 3) for t in itertools.combinations(ENTITIES, size)]
WINDOW_SETS = [("5m",), ("5m", "1h"), ("90m",), ("7d",), ("5m", "1h", "24h", "7d", "28d")]
SLICES = ["", "[slices]\nresponse = []\ncontact = []\ncart = []\n"]


def text_of(topics: Sequence[str], windows: Sequence[str], slices: str) -> Iterator[str]:
    yield f'[namespace]\nname = "shop"\nid_key = "{"0a" * 32}"\n{slices}'
    for topic in topics:
        yield f'[[topics]]\nname = "{topic}"\nentity = "{ENTITIES[topic]}"\n'
    for window in windows:
        length, pane = WINDOWS[window]
        yield f'[[windows]]\nname = "{window}"\nlength = "{length}"\npane = "{pane}"\n'


def settings_of(
    folder: Path,
    topics: Sequence[str] = tuple(ENTITIES),
    windows: Sequence[str] = ("5m", "1h", "24h", "7d", "28d"),
    slices: str = "",
) -> Settings:
    path = folder / "cxpulse.toml"
    path.write_text("".join(text_of(topics, windows, slices)))
    return load(path, {}).settings


async def surface_of(settings: Settings, *, is_read: bool = True) -> Surface:
    """The exporter of these settings, whose topics were all read up to now, and were empty."""
    plan = exporter_plan(settings)
    topics = tuple(t for group in plan.topics_by_entity.values() for t in group)
    store = MemoryStore()
    for topic in topics if is_read else ():
        head = Head(0, 0, LogIdentity("test", 1), as_of_ms=NOW_MS)
        await store.commit(Place(topic, 0), Commit("a", NONE, head, {}, PaneChanges({}, [])))
    reader = Reader(store, plan.definitions, topics)
    watch = Watch(reader, plan.topics_by_entity, now_ms=lambda: NOW_MS, stale_after_ms=30_000)
    await watch.refresh()
    return Surface(watch, CollectorRegistry(), plan.build, plan.targets)


async def board_of(surface: Surface, **query: str) -> dict[str, Any]:
    async with TestClient(TestServer(surface.app())) as client:
        response = await client.get("/api/board", params=query)
        assert response.status == 200
        told: dict[str, Any] = await response.json()
        return told


@pytest.mark.parametrize("is_read", [True, False], ids=["read", "new"])
@pytest.mark.parametrize("slices", SLICES, ids=["sliced", "unsliced"])
@pytest.mark.parametrize("windows", WINDOW_SETS, ids="+".join)
@pytest.mark.parametrize("topics", TOPIC_SETS, ids="+".join)
async def test_every_page_is_answered(
    tmp_path: Path, topics: Sequence[str], windows: Sequence[str], slices: str, is_read: bool
) -> None:
    surface = await surface_of(settings_of(tmp_path, topics, windows, slices), is_read=is_read)
    async with TestClient(TestServer(surface.app())) as client:
        for path in ("/metrics", "/api/windows", "/api/board"):
            assert (await client.get(path)).status == 200, path
        for window in windows:
            board = await (await client.get("/api/board", params={"window": window})).json()
            shown = [tile["metric"] for tile in board["tiles"]]
            assert shown == [metric for topic in topics for metric in TILES[topic]]


@pytest.mark.parametrize(("topics", "derived"), [(("surveys", "carts"), 0), (("contacts",), 1)])
def test_there_is_a_topic_of_cases_only_where_contacts_are_read(
    tmp_path: Path, topics: Sequence[str], derived: int
) -> None:
    names = topics_by_entity(settings_of(tmp_path, topics))
    assert len(names.get("case", ())) == derived
    assert set(names) - {"case"} == {ENTITIES[topic] for topic in topics}


async def test_without_contacts_nobody_waits_for_the_topic_of_cases(tmp_path: Path) -> None:
    board = await board_of(await surface_of(settings_of(tmp_path, ("surveys",))))
    assert board["view"] == {"state": "live", "text": "", "progress": None}
    assert {tile["as_of_ms"] for tile in board["tiles"]} == {NOW_MS}


async def test_what_nothing_feeds_has_no_coverage(tmp_path: Path) -> None:
    surface = await surface_of(settings_of(tmp_path, ("surveys",)))
    async with TestClient(TestServer(surface.app())) as client:
        text = await (await client.get("/metrics")).text()
        scores = (await (await client.get("/api/windows")).json())["windows"]["1h"]["scores"]
    assert 'cx_nps_score_coverage_ratio{window="1h"} 1.0' in text
    assert "cx_fcr_ratio_coverage_ratio" not in text
    coverage = {score["name"]: score["coverage"] for score in scores}
    assert (coverage["nps_score"], coverage["fcr_ratio"]) == (1.0, None)


async def test_a_number_that_no_window_is_long_enough_for_is_left_out(tmp_path: Path) -> None:
    short = await board_of(await surface_of(settings_of(tmp_path, windows=("5m", "1h"))))
    long = await board_of(await surface_of(settings_of(tmp_path)))
    named = [[other["metric"] for other in board["tiles"][2]["beside"]] for board in (short, long)]
    assert named == [["repeat_contact_ratio"], ["fcr_settled_ratio", "repeat_contact_ratio"]]


@pytest.mark.parametrize(
    ("windows", "first"), [(("5m", "1h"), "1h"), (("24h", "5m", "7d"), "5m"), (("90m",), "90m")]
)
async def test_whoever_names_no_window_is_shown_one_hour_or_the_shortest(
    tmp_path: Path, windows: Sequence[str], first: str
) -> None:
    board = await board_of(await surface_of(settings_of(tmp_path, windows=windows)))
    assert board["window"] == first
