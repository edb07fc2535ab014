from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from threading import Event
from typing import Any

import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from processor.simulate.company import generate
from processor.simulate.delivery import Sending
from processor.simulate.embedded import BROKER_PARTITIONS, embedded_broker
from processor.simulate.sender import (
    Account,
    Clock,
    Kafka,
    NoKafkaError,
    Pace,
    Sender,
    connect,
    look_for,
)
from processor.simulate.simulation import Simulation
from processor.simulate.story import TOPICS
from tests.simulate.streams import MORNING, told

FAST = Pace(speed=0.0)


class FakeClient:
    """A producer that remembers; `room` records fit until it is polled."""

    def __init__(self, *, room: int = 10**9, refuse: bytes = b"") -> None:
        self.records: list[tuple[str, dict[str, Any]]] = []
        self.room, self.free, self.refuse = room, room, refuse
        self.waiting: list[dict[str, Any]] = []

    def produce(self, topic: str, **record: Any) -> None:
        if not self.free:
            raise BufferError("queue full")
        if record["value"] == b"oversize":
            raise KafkaException(KafkaError(KafkaError.MSG_SIZE_TOO_LARGE))
        self.free -= 1
        self.records.append((topic, record))
        self.waiting.append(record)

    def poll(self, timeout: float) -> int:
        for record in self.waiting:
            refused = bool(self.refuse) and self.refuse in record["key"]
            error = KafkaError(KafkaError._MSG_TIMED_OUT) if refused else None
            record["on_delivery"](error, None)
        self.waiting.clear()
        self.free = self.room
        return 0

    def flush(self, timeout: float) -> int:
        self.poll(timeout)
        return 0


class FakeTime:
    """A clock that moves only when somebody waits for it."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.clock = Clock(lambda: self.now_s, self.wait)

    def wait(self, seconds: float) -> None:
        assert seconds > 0
        self.now_s += seconds


def records(number: int, *, gap_ms: int = 1000) -> Iterator[Sending]:
    for place in count() if number < 0 else range(number):
        key = f"shop:{place}".encode()
        yield Sending("carts", key, b"{}", (), MORNING + place * gap_ms, "admitted")


def send(stream: Any, pace: Pace, **kept: Any) -> tuple[Account, FakeClient, FakeTime]:
    client, time = kept.pop("client", FakeClient()), FakeTime()
    kafka = kept.pop("kafka", Kafka(bootstrap="nowhere"))
    sender = Sender(client, kafka, clock=time.clock, **kept)
    return sender.send(stream, pace), client, time


def test_everything_is_sent_and_accounted_for() -> None:
    account, client, _ = send(records(1000), FAST)
    assert (account.sent, account.delivered, account.whole) == (1000, 1000, True)
    assert len(client.records) == 1000
    assert account.simulated_ms == MORNING + 999_000


@pytest.mark.parametrize(("speed", "seconds"), [(1.0, 60.0), (60.0, 1.0), (0.5, 120.0), (0.0, 0.0)])
def test_simulated_time_passes_at_the_wanted_speed(speed: float, seconds: float) -> None:
    _, _, time = send(records(61), Pace(speed=speed))
    assert time.now_s - 1000.0 == pytest.approx(seconds, abs=0.002)


def test_what_arrived_before_the_pace_begins_is_sent_at_once() -> None:
    _, client, time = send(records(61), Pace(speed=1.0, begin_ms=MORNING + 50_000))
    assert time.now_s - 1000.0 == pytest.approx(10.0, abs=0.002)
    assert len(client.records) == 61


def test_each_stream_has_an_account_of_its_own() -> None:
    sender = Sender(FakeClient(), Kafka(bootstrap="nowhere"), clock=FakeTime().clock)
    accounts = [sender.send(records(5), FAST) for _ in range(2)]
    assert [account.sent for account in accounts] == [5, 5]


def test_a_count_bounds_the_stream() -> None:
    account, client, _ = send(records(-1), Pace(speed=0.0, count=7))
    assert account.sent == len(client.records) == 7


def test_a_duration_bounds_the_stream_even_in_a_long_pause() -> None:
    account, _, time = send(records(-1, gap_ms=3_600_000), Pace(speed=1.0, duration_ms=5000))
    assert account.stopped
    assert account.sent == 1
    assert time.now_s == pytest.approx(1005.0)


def test_a_stop_flag_cuts_between_records_and_what_was_sent_is_waited_for() -> None:
    stop = Event()

    def stream() -> Iterator[Sending]:
        for place, sending in enumerate(records(-1)):
            if place == 5:
                stop.set()
            yield sending

    account, client, _ = send(stream(), FAST, stop=stop)
    assert account.stopped
    assert account.sent == len(client.records) == account.delivered == 5


class Silent(FakeClient):
    """A broker that answers a few of its records, then nothing more."""

    def __init__(self, time: FakeTime, *, answers: int) -> None:
        super().__init__()
        self.time, self.answers = time, answers

    def poll(self, timeout: float) -> int:
        return 0

    def flush(self, timeout: float) -> int:
        self.time.now_s += timeout
        for record in self.waiting[: min(1, self.answers)]:
            record["on_delivery"](None, None)
            self.waiting.remove(record)
            self.answers -= 1
        return len(self.waiting)


@pytest.mark.parametrize(("stopped", "seconds"), [(False, 10.0), (True, 2.0)])
def test_a_broker_that_falls_silent_is_not_waited_for_for_ever(
    stopped: bool, seconds: float
) -> None:
    stop, time = Event(), FakeTime()

    def stream() -> Iterator[Sending]:
        yield from records(80)
        if stopped:
            stop.set()

    client = Silent(time, answers=75)
    sender = Sender(client, Kafka(bootstrap="nowhere"), clock=time.clock, stop=stop)
    account = sender.send(stream(), FAST)
    assert (account.delivered, account.unknown, account.whole) == (75, 5, False)
    assert time.now_s - 1000.0 == pytest.approx(75 * 0.2 + seconds, abs=0.5)


def test_who_is_to_receive_is_looked_for_first() -> None:
    with embedded_broker(TOPICS) as bootstrap:
        here = Kafka(bootstrap=bootstrap)
        look_for(connect(here), here)
        other = Kafka(bootstrap=bootstrap, topics={"carts": "eu.carts"})
        with pytest.raises(NoKafkaError, match=r"has no topic eu\.carts"):
            look_for(connect(other), other)


def test_a_full_queue_is_waited_for_and_nothing_is_lost() -> None:
    account, client, _ = send(records(95), FAST, client=FakeClient(room=10))
    assert account.whole
    assert [record["key"] for _, record in client.records] == [s.key for s in records(95)]


def test_a_stop_flag_is_heeded_while_the_queue_is_full() -> None:
    stop = Event()

    class Full(FakeClient):
        def poll(self, timeout: float) -> int:
            stop.set()
            return 0

    account, _, _ = send(records(5), FAST, client=Full(room=2), stop=stop)
    assert account.stopped
    assert account.sent == 2


def test_records_that_the_broker_refuses_are_reported() -> None:
    account, _, _ = send(records(20), FAST, client=FakeClient(refuse=b"shop:1"))
    assert account.refused == {"_MSG_TIMED_OUT": 11}
    assert not account.whole
    assert account.sent == account.delivered + 11


def test_a_record_that_the_client_refuses_is_reported_and_the_next_is_sent() -> None:
    huge = Sending("carts", b"k", b"oversize", (), MORNING, "oversize_record")
    account, client, _ = send([huge, *records(2)], FAST)
    assert account.refused == {"MSG_SIZE_TOO_LARGE": 1}
    assert len(client.records) == account.delivered == 2


@pytest.mark.parametrize("arrival_time", ["producer", "broker"])
def test_only_the_producers_time_is_sent_if_it_is_the_one_that_counts(arrival_time: Any) -> None:
    kafka = Kafka(bootstrap="nowhere", arrival_time=arrival_time)
    _, client, _ = send(records(2), FAST, kafka=kafka)
    stamps = [record.get("timestamp") for _, record in client.records]
    assert stamps == ([MORNING, MORNING + 1000] if arrival_time == "producer" else [None, None])


def test_topics_may_have_other_names() -> None:
    kafka = Kafka(bootstrap="nowhere", topics={"carts": "eu.carts"})
    _, client, _ = send(records(1), FAST, kafka=kafka)
    assert client.records[0][0] == "eu.carts"


def test_progress_is_told_some_times_a_second_and_at_the_end() -> None:
    told: list[tuple[int, int, int | None]] = []
    send(
        records(11),
        Pace(speed=1.0, total=11),
        on_progress=lambda *progress: told.append(progress),
    )
    assert 40 <= len(told) <= 60
    assert told[-1] == (11, MORNING + 10_000, 11)


def test_an_empty_stream_is_sent_at_once() -> None:
    account, _, _ = send([], FAST)
    assert (account.sent, account.stopped, account.whole) == (0, False, True)


@contextmanager
def reader(bootstrap: str) -> Iterator[Consumer]:
    consumer = Consumer(
        {"bootstrap.servers": bootstrap, "group.id": "reader", "enable.auto.commit": False}
    )
    try:
        consumer.assign([TopicPartition(t, p, 0) for t in TOPICS for p in range(BROKER_PARTITIONS)])
        yield consumer
    finally:
        consumer.close()


def murmur2(key: bytes) -> int:
    """Kafka's hash of keys (org.apache.kafka.common.utils.Utils.murmur2), written anew."""
    mask, factor = 0xFFFFFFFF, 0x5BD1E995
    hashed = (0x9747B28C ^ len(key)) & mask
    whole = len(key) // 4 * 4
    for place in range(0, whole, 4):
        word = int.from_bytes(key[place : place + 4], "little") * factor & mask
        word = (word ^ word >> 24) * factor & mask
        hashed = (hashed * factor & mask) ^ word
    if key[whole:]:
        hashed = (hashed ^ int.from_bytes(key[whole:], "little")) * factor & mask
    hashed = (hashed ^ hashed >> 13) * factor & mask
    return (hashed ^ hashed >> 15) & 0x7FFFFFFF


def test_a_broker_has_the_stream_as_it_was_told() -> None:
    settings = Simulation(seed=5, start_ms=MORNING, count=1500, rate=50.0)
    sendings = told(settings)[0]
    with embedded_broker(TOPICS) as bootstrap:
        kafka = Kafka(bootstrap=bootstrap, arrival_time="producer", compression="lz4")
        account = Sender(connect(kafka), kafka).send(generate(settings), FAST)
        assert account.whole
        with reader(bootstrap) as consumer:
            found: list[Message[bytes, bytes]] = []
            while len(found) < len(sendings):
                batch = consumer.consume(num_messages=500, timeout=10.0)
                assert batch
                found += batch
    expected = sorted((s.topic, s.key or b"", s.value or b"", s.arrival_ms) for s in sendings)
    assert expected == sorted(
        (m.topic(), m.key() or b"", m.value() or b"", m.timestamp()[1]) for m in found
    )
    placed = [(key, message.partition()) for message in found if (key := message.key())]
    assert all(place == murmur2(key) % BROKER_PARTITIONS for key, place in placed)
    assert any(message.headers() for message in found)
