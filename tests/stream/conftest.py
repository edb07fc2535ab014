"""Ways to a real Kafka for the stream's tests."""

from uuid import uuid4

import pytest

from processor.stream.kafka import KafkaAccess
from tests.servers.kafka import KafkaCluster


@pytest.fixture
def access(kafka: KafkaCluster) -> KafkaAccess:
    return KafkaAccess({"bootstrap_servers": [kafka.bootstrap]})


@pytest.fixture
def topic(kafka: KafkaCluster) -> str:
    """A fresh topic of one partition."""
    name = f"topic-{uuid4().hex[:8]}"
    kafka.create_topic(name)
    return name
