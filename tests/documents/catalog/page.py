"""docs/metrics.md as a whole."""

from collections.abc import Iterator

from tests.documents.catalog import introduction, reference
from tests.documents.markdown import page


def metrics() -> str:
    """The whole page."""
    return page(_parts())


def _parts() -> Iterator[str]:
    yield from introduction.reading()
    yield from introduction.intervals()
    yield from reference.scores()
    yield from reference.counts()
    yield from reference.health()
    yield from reference.worker()
    yield from reference.sources()
