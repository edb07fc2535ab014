import pytest

from processor.core.definitions import Bounds, CartRules, CaseRules, ContactRules
from processor.settings.model import Settings
from tests.settings.conftest import Wrong


def test_the_default_rules_are_those_of_the_core() -> None:
    settings = Settings()
    cart, rules = settings.cart, CartRules()
    assert settings.contact.model_dump() == {
        name: getattr(ContactRules(), name) for name in ContactRules.__struct_fields__
    }
    assert settings.case.model_dump() == {
        name: getattr(CaseRules(), name) for name in CaseRules.__struct_fields__
    }
    assert settings.bounds.model_dump() == {
        name: getattr(Bounds(), name) for name in Bounds.__struct_fields__
    }
    assert (cart.quiet_time_ms, cart.order_grace_ms) == (rules.quiet_ms, rules.order_grace_ms)
    assert cart.currencies == rules.currencies
    assert cart.cancelled_undoes_conversion == rules.cancelled_undoes_conversion


@pytest.mark.parametrize(
    ("toml", "line"),
    [
        (
            '[case]\nresolution_order = ["agent", "agent"]',
            "case.resolution_order = ['agent', 'agent'] (file cxpulse.toml): a list of 1 to 3"
            " different sources: each one of survey, case, agent",
        ),
        (
            "[case]\ndirections = []",
            "case.directions = [] (file cxpulse.toml): a list of 1 to 3 different directions: each"
            " one of inbound, outbound, internal",
        ),
        (
            '[cart]\ncurrencies = ["EUR", "eur"]',
            "cart.currencies = ['EUR', 'eur'] (file cxpulse.toml): a list of up to 50 different"
            " currencies: each 3 capital letters (ISO 4217)",
        ),
        (
            '[cart]\nquiet_time = "30"',
            "cart.quiet_time = '30' (file cxpulse.toml): a duration such as 10s, 30m or 7d,"
            " between 1m and 7d",
        ),
        (
            "[bounds]\nsegments_max = 0",
            "bounds.segments_max = 0 (file cxpulse.toml): a whole number between 1 and 256",
        ),
    ],
)
def test_rules_that_make_no_sense_are_refused(wrong: Wrong, toml: str, line: str) -> None:
    assert wrong(toml) == [line]
