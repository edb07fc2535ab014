"""Send a contact's life with aiokafka: `python aiokafka_producer.py localhost:9092`."""

import asyncio
import json
import sys
from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer


def now() -> str:
    """The time in UTC, as the contract writes it: `2026-03-02T09:01:00.250+00:00`."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


async def main(bootstrap_servers: str) -> None:
    """Send one call: entered, queued, answered."""
    # The default partitioner of aiokafka is Java's murmur2: nothing to set.
    async with AIOKafkaProducer(
        bootstrap_servers=bootstrap_servers, enable_idempotence=True, acks="all"
    ) as producer:
        contact_id, created_at = "acd:call-2001", now()
        steps: list[dict[str, str | int]] = [
            {"type": "contact.started", "direction": "inbound", "channel": "voice"},
            {"type": "contact.queued", "queued_at": now(), "queue": "q-17"},
            {"type": "contact.answered", "answered_at": now(), "queue_wait_ms": 0},
        ]
        for number, step in enumerate(steps):
            event = {
                "event_id": f"call-2001/{number}",
                "source": "acd",
                "contact_id": contact_id,
                "occurred_at": now(),
                "created_at": created_at,
                **step,
            }
            # Waiting for each keeps their order; their key keeps them in one partition.
            await producer.send_and_wait(
                "contacts", key=contact_id.encode(), value=json.dumps(event).encode()
            )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
