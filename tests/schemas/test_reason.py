import re

import pytest

from schemas.reason import Reason, Rejection

IN_ORDER = (
    "empty_value oversize_record undecodable envelope_conflict type_missing type_unknown "
    "type_wrong_topic field_missing field_invalid id_invalid time_invalid time_unit time_order "
    "future key_missing key_mismatch answer_invalid too_many money_invalid currency_invalid"
)


def test_the_list_is_closed_and_in_the_order_of_judgement() -> None:
    assert " ".join(Reason) == IN_ORDER


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_is_safe_as_a_label_and_explains_itself(reason: Reason) -> None:
    assert re.fullmatch(r"[a-z_]+", reason)
    for sentence in (reason.explanation, reason.remedy):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert "\n" not in sentence


def test_a_rejection_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Rejection(Reason.FUTURE).detail = "other"  # type: ignore[misc]  # that is what is tested
