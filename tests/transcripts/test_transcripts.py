"""Every story, told to the core and to the oracle, as it is written and in other ways.

The table in README.md says which file tells what; a story that nobody finds there does not exist.
"""

import re
from pathlib import Path

import pytest

from tests.transcripts.story import Arrival, Story, load
from tests.transcripts.telling import MismatchError, at_once, tell, tell_in_batches

HERE = Path(__file__).parent
STORIES = {path.stem: load(path) for path in sorted(HERE.glob("*.yaml"))}
TRUE = {name: story for name, story in STORIES.items() if not story.must_fail}
FREE = {name: story for name, story in TRUE.items() if story.is_free}
WRONG = {name: story for name, story in STORIES.items() if story.must_fail}
TABLE = re.compile(r"^\| (?P<case>[^|]+) \| (?P<files>[^|]+) \|$", re.MULTILINE)
"""A row of a table: a case, and the stories that tell it."""


def arrivals(story: Story) -> list[Arrival]:
    return [step for step in story.log if isinstance(step, Arrival)]


@pytest.mark.parametrize("name", TRUE)
def test_a_story_goes_as_it_is_told(name: str) -> None:
    tell(TRUE[name])


@pytest.mark.parametrize("name", TRUE)
def test_a_story_goes_the_same_in_one_batch(name: str) -> None:
    tell_in_batches(TRUE[name], at_once(arrivals(TRUE[name])))


@pytest.mark.parametrize("name", TRUE)
def test_a_story_goes_the_same_when_each_record_comes_twice(name: str) -> None:
    tell_in_batches(TRUE[name], [[one] for one in arrivals(TRUE[name]) for _ in range(2)])


@pytest.mark.parametrize("name", FREE)
def test_a_story_goes_the_same_in_reversed_order(name: str) -> None:
    backwards = arrivals(FREE[name])[::-1]
    tell_in_batches(FREE[name], [[one] for one in backwards])
    tell_in_batches(FREE[name], at_once(backwards))


@pytest.mark.parametrize("name", WRONG)
def test_a_story_that_is_wrong_is_refused(name: str) -> None:
    with pytest.raises(MismatchError, match=re.escape(WRONG[name].must_fail)):
        tell(WRONG[name])


def told() -> dict[str, list[str]]:
    """The stories of each case, by the tables."""
    rows = TABLE.finditer((HERE / "README.md").read_text())
    cases = {row["case"]: re.findall(r"`([^`]+)`", row["files"]) for row in rows}
    return {case: files for case, files in cases.items() if case != "case"}


def test_the_tables_know_every_story_and_no_other() -> None:
    assert [case for case, files in told().items() if not files] == [], "cases that nobody tells"
    assert {file for files in told().values() for file in files} == STORIES.keys()


def test_there_are_enough_stories() -> None:
    assert len(TRUE) >= 45
    assert len(WRONG) >= 3
    assert all(story.explains.strip() for story in STORIES.values())
