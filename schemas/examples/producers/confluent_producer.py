"""Send a survey response with confluent-kafka: `python confluent_producer.py localhost:9092`."""

import json
import sys
from datetime import UTC, datetime

from confluent_kafka import KafkaError, KafkaException, Message, Producer


def now() -> str:
    """The time in UTC, as the contract writes it: `2026-03-02T09:01:00.250+00:00`."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def raise_if_lost(error: KafkaError | None, message: Message) -> None:
    """Called once per record: sent is not delivered until the broker says so."""
    if error is not None:
        raise KafkaException(error)


def main(bootstrap_servers: str) -> None:
    """Send one response: who answers, what, and when."""
    producer = Producer(
        {
            "bootstrap.servers": bootstrap_servers,
            # The default of librdkafka is CRC32. Java, and CX Pulse, place keys by murmur2.
            "partitioner": "murmur2_random",
            # Retries can neither double nor reorder; implies acks=all.
            "enable.idempotence": True,
        }
    )
    response_id = "forms:r-1001"
    event = {
        "type": "survey.submitted",
        "event_id": "r-1001/1",
        "source": "forms",
        "response_id": response_id,
        "survey_id": "after-call",
        "occurred_at": now(),
        "created_at": now(),
        "channel": "email",
        "answers": [{"question_id": "recommend", "kind": "nps", "value": 9}],
    }
    producer.produce(
        "surveys",
        key=response_id,  # the entity's id, as it is: a str is sent as UTF-8
        value=json.dumps(event),
        on_delivery=raise_if_lost,
    )
    if producer.flush(30):
        message = "not delivered within 30 s"
        raise TimeoutError(message)


if __name__ == "__main__":
    main(sys.argv[1])
