"""Definitions have a fingerprint, and refuse values that cannot stand together."""

import msgspec
import pytest

from processor.core.definitions import (
    CART_CHANNELS,
    CONTACT_CHANNELS,
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    CartRules,
    Definitions,
    Dimension,
    Topic,
    Window,
)
from processor.core.tally import FCR_SETTLED, NPS


def test_equal_definitions_have_equal_fingerprints() -> None:
    assert Definitions().fingerprint == Definitions().fingerprint
    assert len(Definitions().fingerprint) == 8


@pytest.mark.parametrize(
    "other",
    [
        Definitions(cart=CartRules(quiet_ms=1)),
        Definitions(id_key_digest="another key"),
        Definitions(dimensions=(Dimension("brand", ("north",)),)),
        Definitions(unknown_words={"acd": ("anonymous",)}),
    ],
)
def test_whatever_decides_stored_data_is_in_the_fingerprint(other: Definitions) -> None:
    assert other.fingerprint != Definitions().fingerprint


def test_the_order_of_slices_names_the_same_dimensions_once() -> None:
    definitions = Definitions(slices={"response": (("brand", "channel"), ("channel",))})
    assert definitions.sliced_by("response") == ("brand", "channel")


def test_a_case_counts_in_the_slices_of_contacts() -> None:
    assert Definitions().slices_of("case") == Definitions().slices_of("contact")


def test_an_entity_without_slices_is_counted_in_total() -> None:
    assert Definitions(slices={}).slices_of("cart") == ()


def test_channel_has_the_contracts_list_unless_one_is_configured() -> None:
    assert Definitions().dimension("cart", "channel").values == CART_CHANNELS
    assert Definitions().dimension("case", "channel").values == CONTACT_CHANNELS
    assert Definitions().dimension("cart", "brand") == Dimension("brand")
    own = Dimension("channel", ("fax",))
    assert Definitions(dimensions=(own,)).dimension("cart", "channel") is own


def test_a_tally_is_written_to_the_tiers_its_windows_need() -> None:
    definitions = Definitions()
    assert definitions.tiers_of(NPS) == (10_000, MINUTE_MS, HOUR_MS)
    assert definitions.tiers_of(FCR_SETTLED) == (HOUR_MS,)
    assert [window.name for window in definitions.windows_of(FCR_SETTLED)] == ["7d", "28d"]


def test_a_pane_is_kept_for_its_tiers_longest_window_and_five_minutes() -> None:
    definitions = Definitions()
    assert definitions.retention_ms(10_000) == HOUR_MS + 5 * MINUTE_MS
    assert definitions.retention_ms(MINUTE_MS) == DAY_MS + 5 * MINUTE_MS
    assert definitions.retention_ms(HOUR_MS) == 28 * DAY_MS + 5 * MINUTE_MS


def test_the_longest_life_of_a_contact_is_that_of_cases() -> None:
    topics = tuple(
        Topic(name, "contact", lateness_max_ms=0, life_ms=life_ms)
        for name, life_ms in (("contacts", DAY_MS), ("contacts_async", 4 * DAY_MS))
    )
    assert Definitions(topics=topics).contact_life_ms == 4 * DAY_MS
    assert Definitions(topics=()).contact_life_ms == 0


@pytest.mark.parametrize(
    ("windows", "problem"),
    [
        ((), "windows: at least one is needed"),
        ((Window("w", 25_000, 10_000),), "window w: its pane of 10000 ms must divide"),
        (
            (Window("a", 20_000, 10_000), Window("b", HOUR_MS, MINUTE_MS)),
            "panes of 10000 ms are kept for 20000 ms and must cover and divide one pane of 60000",
        ),
        (
            (Window("a", HOUR_MS, 40_000), Window("b", HOUR_MS, MINUTE_MS)),
            "panes of 40000 ms are kept for 3600000 ms and must cover and divide",
        ),
    ],
)
def test_windows_that_their_panes_cannot_make_are_refused(
    windows: tuple[Window, ...], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        Definitions(windows=windows)


def test_a_life_shorter_than_what_must_happen_in_it_is_refused() -> None:
    contact = Topic("contacts", "contact", lateness_max_ms=2, life_ms=1)
    with pytest.raises(ValueError, match="topic contacts: life_ms 1 must be at least 2"):
        Definitions(topics=(contact,))
    cart = Topic("carts", "cart", lateness_max_ms=DAY_MS, life_ms=DAY_MS)
    with pytest.raises(ValueError, match=f"must be at least {DAY_MS + 35 * MINUTE_MS}"):
        Definitions(topics=(cart,))


def test_definitions_survive_being_written_down() -> None:
    definitions = Definitions(dimensions=(Dimension("brand", ("north",), (("n", "north"),)),))
    written = msgspec.json.encode(definitions)
    assert msgspec.json.decode(written, type=Definitions) == definitions
