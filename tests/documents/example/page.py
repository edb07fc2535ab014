"""The page as a whole."""

from collections.abc import Iterator

from tests.documents.example import call, cart, ending, opening, survey
from tests.documents.example.story import Story, tell
from tests.documents.markdown import page


def worked_example() -> str:
    """The whole page."""
    return page(_parts(tell()))


def _parts(story: Story) -> Iterator[str]:
    yield from opening.given(story)
    yield from survey.submission(story)
    yield from survey.duplicate(story)
    yield from survey.correction(story)
    yield from call.first(story)
    yield from call.second(story)
    yield from cart.filled(story)
    yield from cart.ordered(story)
    yield from cart.rest(story)
    yield from ending.redis(story)
    yield from ending.windows(story)
    yield from ending.scores(story)
    yield from ending.exposition(story)
