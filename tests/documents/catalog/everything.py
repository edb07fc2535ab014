"""A scene in which every metric has something to show: what the page is held against."""

import asyncio
from collections.abc import Iterator
from functools import cache
from typing import Any

from processor.core.metric import SCORES
from processor.export.exposition import exposition
from tests.documents.times import DAY, MINUTE
from tests.export.scene import BUILD, NOW_MS, Scene, cart

_SCALE = {"kind": "scale", "scale_min": 1, "scale_max": 5}
TARGETS = {score.name: score.target for score in SCORES if score.target is not None}


@cache
def everything_text() -> str:
    """The exposition of such a scene."""
    return asyncio.run(_everything_text())


async def _everything_text() -> str:
    scene = Scene()
    await scene.tell("surveys", *_surveys())
    await scene.tell("contacts", *_contacts())
    await scene.tell("carts", *_carts())
    await scene.watch.refresh()
    return exposition(scene.watch, BUILD, TARGETS)


def _surveys() -> Iterator[dict[str, Any]]:
    for number, ago_ms in enumerate((20 * MINUTE, 10 * MINUTE)):
        answers = [
            {"question_id": "recommend", "kind": "nps", "value": 9 - number},
            {"question_id": "satisfied", "kind": "csat", "value": 4},
            {"question_id": "effort", "kind": "ces", "value": 5},
            {"question_id": "agent", "value": 3 + number, **_SCALE},
            {"question_id": "solved", "kind": "yes_no", "value": True},
            {"question_id": "why", "kind": "choice", "value": "price"},
        ]
        yield _survey(f"r{number}", ago_ms, answers=answers, created_at=NOW_MS - ago_ms)
    # Nobody says when this one began: the quality of the events has something to count.
    yield _survey("r9", MINUTE, answers=[{"question_id": "recommend", "kind": "nps", "value": 1}])


def _survey(name: str, ago_ms: int, **fields: Any) -> dict[str, Any]:
    return {
        "type": "survey.submitted",
        "event_id": name,
        "source": "forms",
        "response_id": name,
        "survey_id": "s",
        "occurred_at": NOW_MS - ago_ms,
        "channel": "email",
        **fields,
    }


def _contacts() -> Iterator[dict[str, Any]]:
    """A call whose repeat window has passed, and two of now."""
    for number, ago_ms in enumerate((8 * DAY, 50 * MINUTE, 40 * MINUTE)):
        at_ms = NOW_MS - ago_ms
        yield {
            "type": "contact.recorded",
            "event_id": f"c{number}",
            "source": "acd",
            "contact_id": f"c{number}",
            "customer_id": "k",
            "occurred_at": at_ms + 10 * MINUTE,
            "created_at": at_ms,
            "channel": "voice",
            "direction": "inbound",
            "resolved": True,
            "resolution_source": "agent",
            "segments": [
                {
                    "queue": "q",
                    "queued_at": at_ms,
                    "answered_at": at_ms + MINUTE,
                    "ended_at": at_ms + 9 * MINUTE,
                    "talk_ms": (7 - number) * MINUTE,
                }
            ],
        }


def _carts() -> Iterator[dict[str, Any]]:
    """An abandoned cart, and one that was ordered."""
    yield from cart(1, ago_ms=50 * MINUTE)
    yield from cart(2, ago_ms=20 * MINUTE, ordered=True)
