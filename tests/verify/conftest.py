"""Ways to a real Kafka for the tests of what reads a log again."""

from tests.stream.conftest import access, topic

__all__ = ["access", "topic"]
