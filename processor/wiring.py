"""Where everything meets: settings become the parts of a worker, an exporter, a verification.

This is the only room that knows all others. Nothing is decided here, and nothing runs before it is
awaited.
"""

from collections.abc import Callable
from importlib.metadata import version

from aiokafka.errors import KafkaError

from processor.core.definitions import Definitions
from processor.core.plan import plans
from processor.export.exporter import ExporterPlan, run_exporter
from processor.settings.connection import kafka_connection, redis_connection
from processor.settings.definition import (
    cases_topic,
    consumer_group,
    identity,
    namespace,
    to_definitions,
)
from processor.settings.model import Settings
from processor.store.connection import connect
from processor.store.contract import StoreUnavailableError
from processor.store.redis_store import RedisStore, UnfitStoreError
from processor.stream.app import GroupSettings
from processor.stream.kafka import KafkaAccess
from processor.stream.topics import OwnTopic, SourceTopic, UnfitTopicError
from processor.stream.worker import WorkerPlan, run_worker
from processor.verify.replay import ReplayError
from processor.verify.report import Report
from processor.verify.snapshot import NoSnapshotError
from processor.verify.verification import Verification, VerifyPlan

CANNOT_VERIFY = (
    *(ReplayError, NoSnapshotError),
    *(KafkaError, StoreUnavailableError, UnfitStoreError, OSError),
)
"""What keeps a verification from its end, in words."""

CANNOT_START = (UnfitTopicError, UnfitStoreError, KafkaError, StoreUnavailableError, OSError)
"""What keeps a process from starting, in words that a person can act on."""


def store_of(settings: Settings) -> RedisStore:
    """The store of the namespace that the settings describe."""
    return RedisStore(connect(redis_connection(settings.redis)), namespace(settings))


def access_of(settings: Settings) -> KafkaAccess:
    """The way to Kafka."""
    return KafkaAccess(kafka_connection(settings.kafka).aiokafka_options())


def topics_by_entity(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Which topics feed the tallies of which entity: cases are derived from contacts alone."""
    has_contacts = any(topic.entity == "contact" for topic in settings.topics)
    names: dict[str, tuple[str, ...]] = {"case": (cases_topic(settings),)} if has_contacts else {}
    for topic in settings.topics:
        names[topic.entity] = (*names.get(topic.entity, ()), topic.name)
    return names


def worker_plan(settings: Settings) -> WorkerPlan:
    """Everything a worker is given."""
    definitions = to_definitions(settings)
    kafka = settings.kafka
    longest_ms = max(window.length_ms for window in definitions.windows)
    return WorkerPlan(
        definitions=definitions,
        plans=plans(definitions, identity(settings), cases_topic=cases_topic(settings)),
        access=access_of(settings),
        group=GroupSettings(
            name=consumer_group(settings),
            instance_id=kafka.group_instance_id,
            session_timeout_ms=kafka.session_timeout_ms,
            rebalance_timeout_ms=kafka.rebalance_timeout_ms,
            batch_records_max=kafka.batch_records_max,
            fetch_wait_max_ms=kafka.fetch_wait_max_ms,
            drain_timeout_ms=settings.worker.drain_timeout_ms,
        ),
        sources=tuple(
            SourceTopic(topic.name, topic.arrival_time, longest_ms + topic.reach_ms)
            for topic in settings.topics
        ),
        dead_letters=OwnTopic(
            kafka.dead_letter_topic,
            kafka.dead_letter_retention_ms,
            like=settings.topics[0].name,
            partitions=1,
            replication_factor=kafka.replication_factor,
        ),
        cases=_derived_topic(settings, definitions, longest_ms),
        create_topics=kafka.create_topics,
        clock_margin_ms=settings.clock.margin_ms,
        metrics_address=(settings.worker.host, settings.worker.port),
    )


def _derived_topic(settings: Settings, definitions: Definitions, longest_ms: int) -> OwnTopic:
    """The topic of cases; its log runs by the same kind of clock as those it is derived from."""
    contacts = [topic for topic in settings.topics if topic.entity == "contact"]
    memory_ms = definitions.contact_life_ms + 2 * definitions.case.repeat_window_ms
    dated_by_producers = any(topic.arrival_time == "producer" for topic in contacts)
    return OwnTopic(
        cases_topic(settings),
        memory_ms + longest_ms,
        arrival_time="producer" if dated_by_producers else "broker",
        like=(contacts or settings.topics)[0].name,
        partitions=settings.kafka.derived_partitions,
        replication_factor=settings.kafka.replication_factor,
    )


def exporter_plan(settings: Settings) -> ExporterPlan:
    """Everything an exporter is given."""
    exporter = settings.exporter
    return ExporterPlan(
        definitions=to_definitions(settings),
        topics_by_entity=topics_by_entity(settings),
        build={"version": version("cxpulse"), "namespace": namespace(settings)},
        targets=settings.targets,
        address=(exporter.host, exporter.port),
        refresh_ms=exporter.refresh_ms,
        stale_after_ms=exporter.stale_after_ms,
        publishes=exporter.publish_windows,
    )


def verify_plan(settings: Settings, url: str | None) -> VerifyPlan:
    """Everything a verification is given."""
    return VerifyPlan(
        namespace=namespace(settings),
        definitions=to_definitions(settings),
        identity=identity(settings),
        kafka=access_of(settings).options,
        cases_topic=cases_topic(settings),
        url=url,
    )


def exporter_url(settings: Settings) -> str:
    """Where the exporter of these settings is found from this machine."""
    host = settings.exporter.host
    if host in ("0.0.0.0", "::"):
        host = "127.0.0.1"
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{settings.exporter.port}"


async def verify_with(
    settings: Settings, url: str | None, on_progress: Callable[[int], None]
) -> Report:
    """Replay the log, and hold Redis and the exporter against it."""
    store = store_of(settings)
    try:
        await store.check()
        return await Verification(verify_plan(settings, url), store, on_progress).run()
    finally:
        await store.close()


async def run_worker_with(settings: Settings) -> None:
    """Be a worker until told to stop."""
    store = store_of(settings)
    try:
        await store.check()
        await run_worker(worker_plan(settings), store)
    finally:
        await store.close()


async def run_exporter_with(settings: Settings) -> None:
    """Be an exporter until told to stop."""
    store = store_of(settings)
    try:
        await store.check()
        await run_exporter(exporter_plan(settings), store)
    finally:
        await store.close()
