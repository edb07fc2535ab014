"""The table `targets`: the number that each score should reach."""

from collections.abc import Mapping
from typing import Final

from processor.core.formula import Unit
from processor.core.metric import SCORE
from processor.settings.collection import OpenTable
from processor.settings.form import Form, Number
from processor.settings.problem import nearest, suggestion
from processor.settings.text import Text

_OF_UNIT: Final[dict[Unit, Form]] = {
    "points": Number(-100, 100, "points"),
    "ratio": Number(0, 1, "a share (0.8 for 80 %)"),
    "rating": Number(0, 1_000, "a rating"),
    "seconds": Number(0, 7_776_000, "seconds"),
}


class TargetTable(OpenTable):
    """Targets by the names of scores (`processor.core.metric`)."""

    def entry(self, name: str) -> Form:
        """The form of a score's target."""
        if name not in SCORE:
            raise ValueError(f"there is no such score{suggestion(nearest(name, SCORE))}")
        return _OF_UNIT[SCORE[name].unit]


def default_targets() -> Mapping[str, float]:
    """The targets of the table of metrics."""
    return {name: score.target for name, score in SCORE.items() if score.target is not None}


TARGETS: Final = TargetTable(
    key=Text(r"[a-z_]+", "the name of a score"),
    item=Number(-1_000_000, 1_000_000),
    meaning="a table of scores, each with the number it should reach",
    default=default_targets(),
)
