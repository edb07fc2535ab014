"""The worked example's story: what arrives, and what the exporter then shows.

Everything that is chosen stands here: settings, ids, times, answers. All the rest of the page
follows from it.
"""

import asyncio
import json
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from processor.core.record import Record
from processor.core.window import Windows
from processor.export.exposition import exposition
from processor.export.watch import Watch
from processor.settings.model import Settings
from processor.store.contract import Place
from processor.store.reader import Reader
from tests.documents.example.stage import Act, Stage
from tests.documents.times import MINUTE, at, written

SETTINGS = """\
[namespace]
id_key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

[slices]
response = ["channel"]
contact = ["channel"]
cart = ["channel"]
"""
"""All that differs from the defaults: a key that nobody else may use, and one slice instead of
several, so that the page stays short."""

NOW_MS = at("12:00:06")
"""When the exporter looks."""

SURVEYS, CONTACTS, CARTS = (Place(topic, 0) for topic in ("surveys", "contacts", "carts"))

REMARK = "Delivery was late, but Ms Petrov sorted it out."
CUSTOMER = "crm:k-77"
QUESTION = "recommend"
ORDER = "o-9001"


class Story(NamedTuple):
    """What happened, act by act, and what is shown at the end."""

    stage: Stage
    survey: Act
    again: Act
    edit: Act
    contact: Act
    case: Act
    contact_again: Act
    case_again: Act
    cart: Act
    order: Act
    more_surveys: Act
    more_carts: Act
    vouched: Act
    windows: Windows
    exposition: str


_ACTS = [name for name, kind in Story.__annotations__.items() if kind is Act]


def _response(name: str, event: int, occurred: str, **fields: Any) -> dict[str, Any]:
    return {
        "type": "survey.submitted",
        "event_id": f"{name}/{event}",
        "source": "forms",
        "response_id": f"forms:{name}",
        "survey_id": "relationship",
        "occurred_at": written(at(occurred)),
        **fields,
    }


def _nps(value: int) -> dict[str, Any]:
    return {"question_id": QUESTION, "kind": "nps", "value": value}


def _further(name: str, occurred: str, channel: str, value: int) -> dict[str, Any]:
    fields = {"created_at": written(at(occurred)), "channel": channel, "answers": [_nps(value)]}
    return _response(name, 1, occurred, **fields)


SURVEY = _response(
    "r-1001",
    1,
    "11:42:07.250",
    created_at=written(at("11:41:58.400")),
    channel="email",
    completion="complete",
    answers=[_nps(9), {"question_id": "comment", "kind": "text", "value": REMARK}],
)
EDIT = _response("r-1001", 2, "11:50:30", answers=[_nps(6)])
FURTHER_SURVEYS = (
    (_further("r-1002", "11:20:15", "web", 10), "11:50:31"),
    (_further("r-1003", "11:33:00", "email", 8), "11:50:31"),
    (_further("r-1004", "11:58:40", "email", 9), "11:58:40.600"),
    (_further("r-1005", "12:00:03.100", "web", 10), "12:00:03.700"),
)


def _call(number: int, occurred: str, created: str, **leg: Any) -> dict[str, Any]:
    instants = {name: written(at(value)) for name, value in leg.items() if name.endswith("_at")}
    return {
        "type": "contact.recorded",
        "event_id": f"call-{number}/1",
        "source": "acd",
        "contact_id": f"acd:call-{number}",
        "occurred_at": written(at(occurred)),
        "created_at": written(at(created)),
        "customer_id": CUSTOMER,
        "channel": "voice",
        "direction": "inbound",
        "resolved": True,
        "resolution_source": "agent",
        "segments": [leg | instants],
    }


CALL = _call(
    2001,
    "11:16:30",
    "11:05:00",
    queued_at="11:05:20",
    answered_at="11:05:32",
    ended_at="11:15:02",
    talk_ms=540_000,
    hold_ms=30_000,
    wrap_ms=45_000,
)
SECOND_CALL = _call(
    2002,
    "11:47:00",
    "11:40:10",
    queued_at="11:40:15",
    answered_at="11:40:50",
    ended_at="11:45:50",
    talk_ms=300_000,
    wrap_ms=30_000,
)


def _cart(name: str, kind: str, occurred: str, **fields: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "event_id": f"{name}/{kind.removeprefix('cart.')}",
        "source": "shop",
        "cart_id": f"shop:{name}",
        "occurred_at": written(at(occurred)),
        "channel": "web",
        **fields,
        "currency": "EUR",
    }


FILLED = _cart("t-3001", "cart.updated", "11:20:00", items_count=2, value_minor=4990)
ORDERED = _cart("t-3001", "cart.ordered", "11:31:12.500", order_id=ORDER, value_minor=4990)
LATE = _cart("t-3002", "cart.updated", "11:02:30", items_count=1, value_minor=1250)


def record(offset: int, event: Mapping[str, Any], arrival: str) -> Record:
    """An event as a record. Its JSON is written as the page shows it, byte for byte."""
    names = ("response_id", "contact_id", "cart_id")
    key = next(str(event[name]) for name in names if name in event)
    value = json.dumps(event, indent=2)
    return Record(offset, at(arrival), key.encode(), value.encode())


@cache
def tell() -> Story:
    """The story, told once."""
    return asyncio.run(_tell())


async def _tell() -> Story:
    stage = Stage(Settings.model_validate(tomllib.loads(SETTINGS)))
    for place in (SURVEYS, CONTACTS, stage.cases, CARTS):
        await stage.take_over(place)
    surveys = [
        await stage.read(SURVEYS, record(0, SURVEY, "11:42:07.900")),
        await stage.read(SURVEYS, record(1, SURVEY, "11:42:09.100")),
        await stage.read(SURVEYS, record(2, EDIT, "11:50:30.400")),
    ]
    contacts = []
    calls = ((CALL, "11:16:30.700", "11:16:30.950"), (SECOND_CALL, "11:47:00.300", "11:47:00.500"))
    for offset, (call, arrival, heard) in enumerate(calls):
        contacts.append(await stage.read(CONTACTS, record(offset, call, arrival)))
        ((key, value),) = stage.summaries(contacts[-1])
        contacts.append(await stage.read(stage.cases, Record(offset, at(heard), key, value)))
    carts = [
        await stage.read(CARTS, record(0, FILLED, "11:20:00.400")),
        await stage.read(CARTS, record(1, ORDERED, "11:31:13")),
    ]
    further = [record(n, *each) for n, each in enumerate(FURTHER_SURVEYS, start=3)]
    rest = [
        await stage.read(SURVEYS, *further),
        await stage.read(CARTS, record(2, LATE, "11:33:00")),
    ]
    as_of_ms = NOW_MS - stage.margin_ms
    vouched = [await stage.vouch(place, as_of_ms) for place in stage.places]
    watch = await _watch(stage)
    text = exposition(watch, {"namespace": stage.namespace}, {})
    acts = dict(zip(_ACTS, (*surveys, *contacts, *carts, *rest, vouched[0]), strict=True))
    return Story(stage=stage, **acts, windows=watch.windows, exposition=text)


async def _watch(stage: Stage) -> Watch:
    topics = {
        "response": (SURVEYS.topic,),
        "contact": (CONTACTS.topic,),
        "case": (stage.cases.topic,),
        "cart": (CARTS.topic,),
    }
    reader = Reader(stage.store, stage.definitions, [place.topic for place in stage.places])
    watch = Watch(reader, topics, now_ms=lambda: NOW_MS, stale_after_ms=MINUTE // 2)
    await watch.refresh()
    return watch
