"""What a window could have said besides: the second reading, count by count."""

import pytest

from processor.core.counted import COUNT
from processor.core.tally import CART, FCR, NPS, SHOP, Tally
from processor.export.doubt import doubts
from tests.export.scene import NOW_MS, Scene, cart, contact, surveys


def order(number: int) -> dict[str, object]:
    return {
        "type": "cart.ordered",
        "event_id": f"x{number}",
        "source": "shop",
        "cart_id": f"shop:x{number}",
        "order_id": f"x{number}",
        "occurred_at": NOW_MS - 60_000,
    }


async def readings(scene: Scene, tally: Tally) -> list[tuple[dict[str, int], str]]:
    """What else a tally could be in an hour, by field, without zeros."""
    await scene.watch.refresh()
    return [
        ({name: n for name, n in zip(tally.fields, doubt.vector, strict=True) if n}, doubt.text)
        for doubt in doubts(scene.watch.windows, "1h", tally)
    ]


@pytest.mark.parametrize(
    ("orders", "abandoned", "converted"), [(1, 4, 4), (3, 2, 6), (5, 0, 8), (9, 0, 12)]
)
async def test_an_order_without_a_cart_may_have_been_that_of_an_abandoned_one(
    orders: int, abandoned: int, converted: int
) -> None:
    scene = Scene()
    carts = [e for n in range(8) for e in cart(n, ago_ms=50 * 60_000, ordered=n < 3)]
    await scene.tell("carts", *[order(n) for n in range(orders)], *carts)
    ((reading, _),) = await readings(scene, CART)
    assert (reading.get("abandoned", 0), reading["converted"]) == (abandoned, converted)
    assert reading["recovered"] == orders


async def test_where_all_orders_have_a_cart_nothing_is_doubted() -> None:
    scene = Scene()
    await scene.tell("carts", *[e for n in range(8) for e in cart(n, ago_ms=50 * 60_000)])
    assert await readings(scene, CART) == []
    assert await readings(scene, SHOP) == []


async def test_first_contacts_nobody_spoke_of_are_left_out() -> None:
    scene = Scene()
    words = [True, True, False, None, None]
    await scene.tell("contacts", *[contact(n, word) for n, word in enumerate(words)])
    ((reading, text),) = await readings(scene, FCR)
    assert (reading["first"], reading["resolved"]) == (3, 2)
    assert "unknown" not in reading
    assert text == "2 of 5 first contacts: nobody said yet"


async def test_where_everybody_spoke_nothing_is_doubted() -> None:
    scene = Scene()
    await scene.tell("surveys", *surveys([10, 3]))
    await scene.tell("contacts", contact(1, True), contact(2, False))
    assert await readings(scene, FCR) == []
    assert await readings(scene, NPS) == []


def test_the_fields_that_are_read_again_are_those_of_the_table() -> None:
    assert {"abandoned", "checkout_abandoned", "converted", "recovered"} <= set(CART.fields)
    assert COUNT["orders_unjoined"].tally == SHOP
