"""What is wrong with an entity is counted like anything else."""

from processor.core.contribution import Count
from processor.core.entity.life import Standing
from processor.core.entity.quality import quality
from processor.core.tally import QUALITY
from tests.wire import NOON


def stands(**more: object) -> Standing:
    usual = {"anchor_ms": NOON, "newest_ms": NOON + 5, "kept": True}
    return Standing(**(usual | {"oversized": False, "anchor_conflict": False} | more))  # type: ignore[arg-type]  # as given


def test_nothing_wrong_is_no_count() -> None:
    assert quality("response", stands(), anchored=True) == []


def test_everything_wrong_is_one_count_at_the_newest_event() -> None:
    wrong = quality(
        "response",
        stands(anchor_ms=None, oversized=True, anchor_conflict=True),
        anchored=True,
        inconsistent=True,
        scale_conflict=True,
    )
    amounts = QUALITY.amounts(
        unanchored=1, oversized=1, inconsistent=1, anchor_conflict=1, scale_conflict=1
    )
    assert wrong == [Count(NOON + 5, QUALITY, amounts, (), ("response",))]


def test_a_cart_needs_no_anchor() -> None:
    assert quality("cart", stands(anchor_ms=None), anchored=False) == []


def test_what_does_not_stand_has_no_quality() -> None:
    assert quality("cart", stands(kept=False, oversized=True), anchored=False) == []
    assert quality("cart", stands(newest_ms=None, oversized=True), anchored=False) == []
