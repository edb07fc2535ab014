"""The simulated company into somebody's own Kafka, through the settings of that Kafka."""

import threading
from collections.abc import Callable

import msgspec

from processor.clock import now_ms
from processor.settings.connection import kafka_connection
from processor.settings.model import Settings
from processor.settings.problem import Problem, SettingsError
from processor.simulate.company import generate
from processor.simulate.sender import Account, Kafka, Pace, Sender, connect, look_for
from processor.simulate.simulation import Simulation

SOURCE_NAMES = {"response": "surveys", "contact": "contacts", "cart": "carts"}
"""What the company calls the topics of each entity."""


class FeedOptions(msgspec.Struct, frozen=True):
    """What to send.

    Attributes:
        since_ms: how long ago the story begins.
        rate: records per simulated second.
        speed: simulated seconds per second; 0 is as fast as possible.
        count, duration_s: when it ends by itself; None: when it is told to, or has reached now at
            another speed than 1.
    """

    scenario: str = "steady"
    seed: int = 1
    since_ms: int = 0
    rate: float = 20.0
    speed: float = 1.0
    count: int | None = None
    duration_s: float | None = None


def feed(
    settings: Settings,
    options: FeedOptions,
    stop: threading.Event,
    on_progress: Callable[[int, int, int | None], None],
) -> Account:
    """Send until the story, its bounds or `stop` ends it; what became of the records.

    Raises:
        SettingsError: a topic of the company is not configured.
        ValueError: the options are none that a company could live by.
        NoKafkaError: nobody is there to send to.
    """
    kafka = _kafka(settings)
    begin_ms = now_ms() - options.since_ms
    story = Simulation(
        seed=options.seed,
        start_ms=begin_ms,
        end_ms=_end_ms(options, begin_ms),
        rate=options.rate,
        scenario=options.scenario,
        daily=options.since_ms > 0,
        drain=False,
    )
    stream, client = generate(story), connect(kafka)
    look_for(client, kafka)
    sender = Sender(client, kafka, stop=stop, on_progress=on_progress)
    duration_ms = None if options.duration_s is None else int(options.duration_s * 1000)
    pace = Pace(
        speed=options.speed, begin_ms=begin_ms, count=options.count, duration_ms=duration_ms
    )
    return sender.send(stream, pace)


def _end_ms(options: FeedOptions, begin_ms: int) -> int | None:
    """Faster than life a story ends now at the latest: records from the future are refused."""
    if options.speed == 1.0:
        return None
    if options.since_ms <= 0:
        raise ValueError("at another speed than 1 the story must begin earlier: give --since")
    return begin_ms + options.since_ms


def _kafka(settings: Settings) -> Kafka:
    topics: dict[str, str] = {}
    for topic in settings.topics:
        topics.setdefault(SOURCE_NAMES[topic.entity], topic.name)
    missing = SOURCE_NAMES.values() - topics.keys()
    if missing:
        needed = (
            f"the company also sends {', '.join(sorted(missing))}, and there is no topic for it"
        )
        raise SettingsError([Problem("topics", needed)])
    producers = {topic.arrival_time for topic in settings.topics} == {"producer"}
    return Kafka(
        bootstrap=",".join(settings.kafka.bootstrap_servers),
        topics=topics,
        arrival_time="producer" if producers else "broker",
        compression="lz4",
        extra=kafka_connection(settings.kafka).librdkafka_config(),
    )
