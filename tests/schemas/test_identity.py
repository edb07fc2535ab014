import pytest

from schemas.event import CartOrdered, CartUpdated, CartWithdrawn, ContactReopened, SurveyWithdrawn
from schemas.identity import currency_valid, entity_id, id_fault, source_valid

ENVELOPE = {"event_id": "e", "source": "s", "occurred_at": 10**12}


def test_the_entity_of_an_event_is_its_own_id_byte_for_byte() -> None:
    survey = SurveyWithdrawn(event_id="e", source="s", occurred_at=10**12, response_id="forms:é")
    contact = ContactReopened(event_id="e", source="s", occurred_at=10**12, contact_id="acd:c1")
    cart = CartUpdated(
        event_id="e", source="s", occurred_at=10**12, cart_id="t", order_id="o", items_count=1
    )
    assert entity_id(survey) == "forms:é".encode()
    assert entity_id(contact) == b"acd:c1"
    assert entity_id(cart) == b"t"


def test_an_order_without_a_cart_is_its_own_entity() -> None:
    order = CartOrdered(event_id="e", source="s", occurred_at=10**12, order_id="o-5")
    assert entity_id(order) == b"order:o-5"


def test_an_event_that_names_nothing_is_a_programmers_error() -> None:
    cart = CartWithdrawn(event_id="e", source="s", occurred_at=10**12, cart_id="t")
    cart.cart_id = None  # type: ignore[assignment]  # what the decoder never lets through
    with pytest.raises(ValueError, match="names a cart or an order"):
        entity_id(cart)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a", None),
        ("a b", None),
        ("x" * 8, None),
        ("ü" * 4, None),
        ("\ufeffa", None),
        ("a\u200bb", None),
        ("", "empty"),
        ("x" * 9, "longer"),
        ("ü" * 5, "longer"),
        (" a", "blanks"),
        ("a\u00a0", "blanks"),
        ("a\u0000", "control"),
        ("a\n", "control"),
        ("\u0085a", "control"),
    ],
)
def test_an_id_is_taken_as_it_is_or_refused(text: str, fault: str | None) -> None:
    found = id_fault(text, 8)
    assert found is None if fault is None else found is not None and fault in found


@pytest.mark.parametrize("source", ["a", "shop/eu", "a_b.c-d/1", "s" * 64])
def test_a_source_is_safe_everywhere(source: str) -> None:
    assert source_valid(source)


@pytest.mark.parametrize("source", ["", "A", "a b", "a\n", "s" * 65, "é", "a:b"])
def test_any_other_source_is_refused(source: str) -> None:
    assert not source_valid(source)


def test_a_currency_is_three_capital_letters() -> None:
    assert currency_valid("EUR")
    assert not any(map(currency_valid, ["eur", "EU", "EURO", "E1R", "EUR\n", "ÄÖÜ", "", "ＥＵＲ"]))  # noqa: RUF001
