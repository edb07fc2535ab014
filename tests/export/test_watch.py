"""In what condition the view is, said in a sentence."""

from processor.export.watch import Condition
from tests.export.scene import NOW_MS, Scene, log_identity, survey


async def live_scene() -> Scene:
    scene = Scene()
    await scene.tell("surveys", survey(1, 10))
    await scene.idle("contacts", "carts", "cases")
    await scene.watch.refresh()
    return scene


async def test_a_view_that_is_current_everywhere_is_live() -> None:
    scene = await live_scene()
    assert scene.watch.status().condition is Condition.LIVE


async def test_before_any_worker_there_is_nothing() -> None:
    scene = Scene()
    await scene.watch.refresh()
    status = scene.watch.status()
    assert (status.condition, status.text) == (Condition.DOWN, "No worker has written anything yet")
    assert not scene.watch.is_up


async def test_a_topic_that_nobody_reads_makes_the_view_stale() -> None:
    scene = Scene()
    await scene.tell("surveys", survey(1, 10))
    await scene.watch.refresh()
    status = scene.watch.status()
    assert status.condition is Condition.STALE
    assert status.text == "Nothing is known of contacts, carts, cases"


async def test_a_worker_that_stopped_makes_the_view_stale() -> None:
    scene = await live_scene()
    scene.now_ms += 31_000
    await scene.idle("contacts", "carts", "cases")
    await scene.watch.refresh()
    status = scene.watch.status()
    assert status.condition is Condition.STALE
    assert status.text == "1 partition without a working owner"


async def test_a_view_that_lags_and_moves_is_rebuilding() -> None:
    scene = await live_scene()
    scene.now_ms += 31_000
    await scene.idle("contacts", "carts", "cases")
    await scene.tell("surveys", *[survey(n, 9) for n in range(2, 4)], as_of_ms=NOW_MS)
    await scene.idle("surveys", as_of_ms=NOW_MS, log_end=12)
    await scene.watch.refresh()
    status = scene.watch.status()
    assert status.condition is Condition.REBUILDING
    assert status.progress == 3 / 12


async def test_a_store_that_goes_away_is_down_and_comes_back() -> None:
    scene = await live_scene()
    before = scene.watch.windows.now_ms
    scene.store.away, scene.now_ms = True, NOW_MS + 5_000
    await scene.watch.refresh()
    assert scene.watch.status().condition is Condition.DOWN
    assert "connection refused" in scene.watch.status().text
    assert scene.watch.windows.now_ms == before
    scene.store.away = False
    await scene.watch.refresh()
    assert scene.watch.status().condition is Condition.LIVE


async def test_a_topic_is_as_current_as_its_slowest_partition() -> None:
    scene = Scene()
    scene.world.view("surveys").head.log = log_identity(2)
    await scene.tell("surveys", survey(1, 10))
    await scene.watch.refresh()
    assert scene.watch.as_of_ms("surveys") == 0
    assert scene.watch.as_of_ms("nowhere") == 0
