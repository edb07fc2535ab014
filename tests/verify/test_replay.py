"""The log read again, on a real broker: in steps, with gaps, and when it is not whole any more."""

import json
from collections.abc import AsyncIterator
from math import inf
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from processor.core.definitions import Definitions, Topic
from processor.core.head import Accounting
from processor.core.identity import Identity
from processor.core.record import Record
from processor.store.contract import Place
from processor.stream.kafka import KafkaAccess
from processor.verify import replay
from processor.verify.replay import Replay, ReplayError
from tests.oracle import Oracle
from tests.servers.kafka import KafkaCluster

NOON = 1_772_452_800_000


def answer(number: int) -> bytes:
    event = {"type": "survey.submitted", "event_id": f"e{number}", "source": "forms"}
    event |= {"response_id": f"r{number}", "survey_id": "s"}
    answers = [{"question_id": "q", "kind": "nps", "value": number}]
    return json.dumps(
        event | {"occurred_at": NOON + number, "created_at": NOON, "answers": answers}
    ).encode()


@pytest.fixture
async def consumer(access: KafkaAccess) -> AsyncIterator[AIOKafkaConsumer]:
    made = AIOKafkaConsumer(
        **access.options, isolation_level="read_committed", auto_offset_reset="none"
    )
    await made.start()
    yield made
    await made.stop()


def replay_of(consumer: AIOKafkaConsumer, topic: str) -> Replay:
    topics = (Topic(topic, "response", 1_000, 2_000, 3_000, 4_000),)
    return Replay(consumer, Oracle(Definitions(topics=topics), Identity(bytes(32))), print)


async def produce(access: KafkaAccess, topic: str, *numbers: int, partition: int = 0) -> None:
    async with AIOKafkaProducer(**access.options) as producer:
        for n in numbers:
            key = f"r{n}".encode()
            await producer.send_and_wait(
                topic, answer(n), key=key, partition=partition, timestamp_ms=NOON + n
            )


async def test_a_log_is_read_in_steps_and_no_further_than_it_is_asked_for(
    access: KafkaAccess, topic: str, consumer: AIOKafkaConsumer
) -> None:
    await produce(access, topic, *range(10))
    place, reading = Place(topic, 0), replay_of(consumer, topic)
    for end in (3, 3, 7, 10):
        await reading.advance({place: 0}, {place: end})
        assert reading.records == end
        assert reading.accounts[place] == Accounting(applied=end)
        assert sum(reading.oracle.cells(0, 4e12)["nps"].values()) == end


async def test_all_partitions_are_read_in_order_of_arrival(
    access: KafkaAccess,
    kafka: KafkaCluster,
    consumer: AIOKafkaConsumer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    topic = f"wide-{uuid4().hex[:8]}"
    kafka.create_topic(topic, partitions=2)
    await produce(access, topic, 0, 4, 5, partition=0)
    await produce(access, topic, 1, 2, 7, partition=1)
    places = [Place(topic, 0), Place(topic, 1)]
    reading = replay_of(consumer, topic)
    heard: list[int] = []
    count = reading._count

    def listen(place: Place, record: Record) -> None:
        heard.append(record.arrival_ms - NOON)
        count(place, record)

    monkeypatch.setattr(reading, "_count", listen)
    await reading.advance(dict.fromkeys(places, 0), dict.fromkeys(places, 3))
    assert heard == [0, 1, 2, 4, 5, 7]


async def test_positions_without_a_record_are_invisible(
    access: KafkaAccess, topic: str, consumer: AIOKafkaConsumer
) -> None:
    async with AIOKafkaProducer(**access.options, transactional_id=f"t-{topic}") as producer:
        await producer.begin_transaction()
        await producer.send_and_wait(topic, answer(1), key=b"r1", timestamp_ms=NOON)
        await producer.abort_transaction()
    await produce(access, topic, 2)
    place, reading = Place(topic, 0), replay_of(consumer, topic)
    await reading.advance({place: 0}, {place: 3})
    assert reading.accounts[place] == Accounting(applied=1, invisible=2)


async def test_of_a_log_that_was_cut_after_the_view_began_what_is_left_is_replayed(
    access: KafkaAccess, topic: str, kafka: KafkaCluster, consumer: AIOKafkaConsumer
) -> None:
    await produce(access, topic, *range(6))
    kafka.cut(topic, before=4)
    place = Place(topic, 0)
    whole, cut = replay_of(consumer, topic), replay_of(consumer, topic)
    await whole.advance({place: 4}, {place: 6})
    assert not whole.is_cut(place)
    assert whole.known_from_ms(place) == whole.entity_known_from_ms("response") == 0
    await cut.advance({place: 2}, {place: 6})
    assert cut.accounts[place] == whole.accounts[place] == Accounting(applied=2)
    assert cut.is_cut(place)
    known_from_ms = NOON + 4 + 3_000 + 4_000  # The first record's arrival, future and reach.
    assert cut.known_from_ms(place) == cut.entity_known_from_ms("response") == known_from_ms
    assert cut.entity_known_from_ms("cart") == 0


async def test_of_a_log_that_has_no_record_left_nothing_is_known_until_one_comes(
    access: KafkaAccess, topic: str, kafka: KafkaCluster, consumer: AIOKafkaConsumer
) -> None:
    await produce(access, topic, *range(6))
    kafka.cut(topic, before=6)
    place, reading = Place(topic, 0), replay_of(consumer, topic)
    await reading.advance({place: 0}, {place: 3})  # The view is behind what retention took.
    assert (reading.records, reading.known_from_ms(place)) == (0, inf)
    await produce(access, topic, 6)
    await reading.advance({place: 0}, {place: 7})
    assert (reading.records, reading.known_from_ms(place)) == (1, NOON + 6 + 7_000)


async def test_a_log_that_is_cut_while_it_is_read_cannot_be_replayed(
    access: KafkaAccess, topic: str, kafka: KafkaCluster, consumer: AIOKafkaConsumer
) -> None:
    await produce(access, topic, *range(6))
    place, reading = Place(topic, 0), replay_of(consumer, topic)
    await reading.advance({place: 0}, {place: 2})
    kafka.cut(topic, before=4)
    with pytest.raises(ReplayError, match="it begins at 4 now, and 2 was next"):
        await reading.advance({place: 0}, {place: 6})


async def test_a_case_is_known_two_repeat_windows_after_its_contacts(
    access: KafkaAccess, topic: str, kafka: KafkaCluster, consumer: AIOKafkaConsumer
) -> None:
    await produce(access, topic, *range(6))
    kafka.cut(topic, before=4)
    definitions = Definitions(topics=(Topic(topic, "contact", 1_000, 2_000, 3_000, 4_000),))
    reading = Replay(consumer, Oracle(definitions, Identity(bytes(32))), print)
    place = Place(topic, 0)
    await reading.advance({place: 0}, {place: 6})
    known_from_ms = reading.known_from_ms(place)
    assert known_from_ms == reading.entity_known_from_ms("contact") == NOON + 4 + 7_000
    window_ms = definitions.case.repeat_window_ms
    assert reading.entity_known_from_ms("case") == known_from_ms + 2 * window_ms


async def test_a_broker_that_has_less_than_it_should_is_not_waited_for_for_ever(
    access: KafkaAccess,
    topic: str,
    consumer: AIOKafkaConsumer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(replay, "POLL_MS", 10)
    monkeypatch.setattr(replay, "SILENT_POLLS_MAX", 5)
    await produce(access, topic, 0, 1)
    place = Place(topic, 0)
    with pytest.raises(ReplayError, match="does not send"):
        await replay_of(consumer, topic).advance({place: 0}, {place: 9})
