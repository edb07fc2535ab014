"""The sender: a stream of records into Kafka, at the speed of life or any other.

What lives here: pacing, bounds, stopping, and the account of what the broker took. What must never
live here: what is sent. What the rest may lean on: a stream is cut only between records,
everything handed to the client is waited for, and a record that the broker did not take is
reported.

The partitioner is Java's murmur2, as every producer of one topic must use the same: librdkafka's
own default (CRC32) would put one entity into two partitions.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from math import inf
from threading import Event
from time import monotonic
from typing import Any, Final, Literal, Protocol

from confluent_kafka import KafkaError, KafkaException, Producer
from msgspec import Struct, field

from processor.simulate.delivery import Sending
from processor.simulate.story import TOPICS

Progress = Callable[[int, int, int | None], None]

SECOND_MS: Final = 1000
PROGRESS_INTERVAL_S: Final = 0.2
QUEUE_WAIT_S: Final = 0.1
# How often the client's callbacks are served while records go out as fast as possible.
POLL_INTERVAL: Final = 200
EARLY_MAX_S: Final = 0.001  # a wait as short as this is not worth waking up for
# At the end, so long for a word from the broker: on its own account, and once told to stop.
SILENCE_MAX_S: Final = 10.0
SILENCE_STOPPED_MAX_S: Final = 2.0
FLUSH_STEP_S: Final = 0.2
LOOK_MAX_S: Final = 5.0
SILENT_LOG: Final = 2  # librdkafka: nothing below "critical" on standard error; we say it ourselves


class Kafka(Struct, frozen=True, kw_only=True):
    """Where to send.

    Attributes:
        bootstrap: addresses of brokers.
        topics: the broker's names for `surveys`, `contacts` and `carts`, where they differ.
        arrival_time: `producer`: records carry their simulated arrival; `broker`: they carry none.
        compression: of batches.
        extra: further settings of librdkafka, which win.
    """

    bootstrap: str
    topics: Mapping[str, str] = field(default_factory=dict)
    arrival_time: Literal["producer", "broker"] = "broker"
    compression: Literal["none", "lz4", "zstd"] = "none"
    extra: Mapping[str, str | int | float | bool] = field(default_factory=dict)


class Pace(Struct, frozen=True, kw_only=True):
    """How fast, and for how long.

    Attributes:
        speed: simulated seconds per second; 0: as fast as possible.
        begin_ms: the simulated instant from which on the speed is kept; what arrives earlier, such
            as a history, is sent at once (None: the first record's arrival).
        count: records to send at most.
        duration_ms: time to send for at most, of the sender's clock.
        total: how many records there will be, if known, for those who watch.
    """

    speed: float = 1.0
    begin_ms: int | None = None
    count: int | None = None
    duration_ms: int | None = None
    total: int | None = None


class Account(Struct, kw_only=True):
    """What became of a stream.

    Attributes:
        sent: records handed to the client.
        delivered: records that the broker acknowledged.
        refused: records that it did not, by the error's name.
        unknown: records of which nothing was heard when the time for it was over.
        simulated_ms: arrival of the last record handed over.
        stopped: whether the stream was cut before its end.
    """

    sent: int = 0
    delivered: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    unknown: int = 0
    simulated_ms: int = 0
    stopped: bool = False

    @property
    def whole(self) -> bool:
        """Whether the broker has every record."""
        return self.delivered == self.sent


class Client(Protocol):
    """What the sender needs of a Kafka producer."""

    @property
    def produce(self) -> Callable[..., None]:
        """Takes a record, or raises BufferError when there is no room."""
        ...

    def poll(self, timeout: float) -> int:
        """Serve callbacks."""
        ...

    def flush(self, timeout: float) -> int:
        """Wait for all records; returns how many are left."""
        ...


class NoKafkaError(ConnectionError):
    """There is no Kafka, or it lacks a topic; the message says which."""


class Clock(Struct, frozen=True):
    """The time that pacing goes by, in seconds, and a way to let some pass."""

    now_s: Callable[[], float]
    wait_s: Callable[[float], object]


def connect(kafka: Kafka) -> Producer:
    """An idempotent producer that puts entities where Java's clients put them."""
    return Producer(
        {
            "bootstrap.servers": kafka.bootstrap,
            "partitioner": "murmur2_random",
            "enable.idempotence": True,
            "acks": "all",
            "compression.type": kafka.compression,
            "linger.ms": 20,
            "log_level": SILENT_LOG,
            **kafka.extra,
        }
    )


def look_for(client: Producer, kafka: Kafka) -> None:
    """Make sure that there is somebody to send to.

    Raises:
        NoKafkaError: no broker answers within some seconds, or a topic does not exist.
    """
    try:
        known = client.list_topics(timeout=LOOK_MAX_S).topics
    except KafkaException as error:
        why = error.args[0].name()
        raise NoKafkaError(f"no Kafka answers at {kafka.bootstrap} ({why})") from None
    missing = sorted({kafka.topics.get(topic, topic) for topic in TOPICS} - known.keys())
    if missing:
        raise NoKafkaError(f"Kafka at {kafka.bootstrap} has no topic {', '.join(missing)}")


class Sender:
    """Sends one stream."""

    def __init__(
        self,
        client: Client,
        kafka: Kafka,
        *,
        stop: Event | None = None,
        on_progress: Progress | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Be ready to send.

        Args:
            client: a Kafka producer.
            kafka: how its records are named and dated.
            stop: set it to cut the stream before the next record.
            on_progress: is told `(sent, simulated_ms, total)` some times a second and at the end.
            clock: the time to go by (default: the machine's).
        """
        self._client, self._kafka = client, kafka
        self._stop = stop or Event()
        self._on_progress = on_progress
        self._clock = clock or Clock(monotonic, self._stop.wait)
        self._account = Account()
        self._begun_s = self._told_s = 0.0

    def send(self, stream: Iterable[Sending], pace: Pace) -> Account:
        """Send the stream until it, the pace's bounds or the stop flag ends it."""
        account = self._account = Account()
        self._begun_s = self._told_s = self._clock.now_s()
        begin_ms = pace.begin_ms
        for sending in stream:
            begin_ms = sending.arrival_ms if begin_ms is None else begin_ms
            if not (self._await(sending.arrival_ms - begin_ms, pace) and self._hand_over(sending)):
                account.stopped = True
                break
            if account.sent == pace.count:
                break
            self._report(pace)
        account.unknown = self._wait_for_answers()
        self._report(pace, last=True)
        return account

    def _wait_for_answers(self) -> int:
        """Wait as long as the broker still answers; returns how many records it has not.

        Told to stop, it gives up sooner on a broker that is silent.
        """
        left, heard_s = self._client.flush(0), self._clock.now_s()
        while left:
            patience_s = SILENCE_STOPPED_MAX_S if self._stop.is_set() else SILENCE_MAX_S
            if self._clock.now_s() - heard_s >= patience_s:
                return left
            before, left = left, self._client.flush(FLUSH_STEP_S)
            if left < before:
                heard_s = self._clock.now_s()
        return 0

    def _await(self, simulated_ms: int, pace: Pace) -> bool:
        """Wait until a record so far into the stream is due; False if the end comes first."""
        while True:
            passed_s = self._clock.now_s() - self._begun_s
            left_s = inf if pace.duration_ms is None else pace.duration_ms / SECOND_MS - passed_s
            if self._stop.is_set() or left_s <= 0:
                return False
            due_s = simulated_ms / SECOND_MS / pace.speed - passed_s if pace.speed else 0.0
            if due_s <= EARLY_MAX_S:
                return True
            self._client.poll(0)
            self._report(pace)
            self._clock.wait_s(min(due_s, left_s, PROGRESS_INTERVAL_S))

    def _hand_over(self, sending: Sending) -> bool:
        """Give a record to the client as soon as it has room; False if the stop flag came first."""
        record: dict[str, Any] = {
            "value": sending.value,
            "key": sending.key,
            "headers": list(sending.headers) or None,
            "on_delivery": self._on_delivery,
        }
        if self._kafka.arrival_time == "producer":
            record["timestamp"] = sending.arrival_ms
        topic = self._kafka.topics.get(sending.topic, sending.topic)
        while not self._stop.is_set():
            try:
                self._client.produce(topic, **record)
            except BufferError:
                self._client.poll(QUEUE_WAIT_S)
                continue
            except KafkaException as refused:
                self._account.refused[refused.args[0].name()] += 1
            self._account.sent += 1
            self._account.simulated_ms = sending.arrival_ms
            if self._account.sent % POLL_INTERVAL == 0:
                self._client.poll(0)
            return True
        return False

    def _on_delivery(self, error: KafkaError | None, _record: object) -> None:
        """Note what the broker answered."""
        if error is None:
            self._account.delivered += 1
        else:
            self._account.refused[error.name()] += 1

    def _report(self, pace: Pace, *, last: bool = False) -> None:
        """Tell whoever watches, if it is time to."""
        now_s = self._clock.now_s()
        if self._on_progress is None or not (last or now_s - self._told_s >= PROGRESS_INTERVAL_S):
            return
        self._told_s = now_s
        total = pace.count if pace.total is None else pace.total
        self._on_progress(self._account.sent, self._account.simulated_ms, total)
