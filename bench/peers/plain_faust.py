"""Plain Faust: an agent, and tables of responses and of panes in memory, with changelog topics.

It does the same work as one worker on "rolling NPS": a response counts once, a correction takes the
old answer back. Its guarantee is at least once. Run with: broker, topic, events, output file.
"""

import json
import sys
import time
from pathlib import Path

import faust

BROKER, TOPIC, EVENTS, OUTPUT = sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])
PANE_MS = 10_000

app = faust.App(
    f"plain-{TOPIC}",
    broker=f"aiokafka://{BROKER}",
    datadir=OUTPUT.parent / f"{TOPIC}-data",
    store="memory://",
    web_enabled=False,
    topic_disable_leader=True,
    topic_partitions=4,
    topic_replication_factor=1,
    consumer_auto_offset_reset="earliest",
    value_serializer="raw",
    key_serializer="raw",
)
surveys = app.topic(TOPIC, value_type=bytes, key_type=bytes)
responses = app.Table("responses", default=list, partitions=4)
panes = app.Table("panes", default=int, partitions=4)

seen = 0
begun_s = 0.0


@app.agent(surveys)
async def count(stream: faust.StreamT[bytes]) -> None:
    """Count each response once, in the pane of its first answer."""
    global seen, begun_s  # noqa: PLW0603 - a program of one agent
    async for event in stream.events():
        if not seen:
            begun_s = time.monotonic()
        answer = json.loads(event.value)
        _apply(answer)
        seen += 1
        if seen == EVENTS:
            _write(time.monotonic() - begun_s)


def _apply(answer: dict) -> None:  # type: ignore[type-arg]
    known = responses[answer["response_id"]]
    version = [answer["occurred_at"], answer["event_id"]]
    cell = f"{answer['attributes']['brand']}|{answer['channel']}"
    rating = answer["answers"][0]["value"]
    first_ms = answer["occurred_at"]
    if known:
        if version <= known[0]:
            if first_ms < known[3]:
                _move(known[1], known[2], known[3], first_ms)
                responses[answer["response_id"]] = [known[0], known[1], known[2], first_ms]
            return
        _add(known[1], known[2], known[3], -1)
        first_ms = min(first_ms, known[3])
    _add(cell, rating, first_ms, 1)
    responses[answer["response_id"]] = [version, cell, rating, first_ms]


def _move(cell: str, rating: int, from_ms: int, to_ms: int) -> None:
    _add(cell, rating, from_ms, -1)
    _add(cell, rating, to_ms, 1)


def _add(cell: str, rating: int, at_ms: int, amount: int) -> None:
    for tier_ms in (PANE_MS, 60_000, 3_600_000):
        start_ms = at_ms - at_ms % tier_ms
        for name in ("total", *cell.split("|")):
            panes[f"{tier_ms}:{start_ms}:{name}:{rating}"] += amount


def _write(seconds: float) -> None:
    totals: dict[str, int] = {}
    for key, value in panes.items():
        tier, _, name, rating = key.split(":")
        if tier == "3600000" and name == "total":
            totals[rating] = totals.get(rating, 0) + value
    OUTPUT.write_text(json.dumps({"seconds": seconds, "totals": totals}))


if __name__ == "__main__":
    faust.Worker(app, loglevel="ERROR").execute_from_commandline()
