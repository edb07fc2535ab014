"""The tables `windows`: the rolling windows that people look at, made of panes."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Final

from pydantic import AfterValidator

from processor.core.definitions import DEFAULT_WINDOWS
from processor.settings.form import Duration, duration_text
from processor.settings.problem import Fault, FaultsError
from processor.settings.section import REQUIRED, Section, repeated, setting
from processor.settings.text import Text

_PANES_MAX: Final = 10_000
"""Every pane of a window is kept in memory with all its cells."""


class WindowSettings(Section):
    """A rolling window that people look at, and the panes that it is made of."""

    name: Annotated[str, Text(r"[a-z0-9]{1,16}", "1 to 16 lower-case letters and digits")] = (
        setting(
            REQUIRED,
            "What the window is called in metrics and on the wall, such as `24h`.",
            stored=True,
        )
    )
    length_ms: Annotated[int, Duration("1s", "400d")] = setting(
        REQUIRED, "How far back the window looks.", stored=True
    )
    pane_ms: Annotated[int, Duration("1s", "1d")] = setting(
        REQUIRED,
        "The steps in which the window moves: its counts are kept in panes of this length. Finer"
        " panes cost more memory.",
        stored=True,
    )

    def faults(self) -> Iterator[Fault]:
        """A window that is not made of whole panes, or of too many."""
        length = duration_text(self.length_ms)
        if self.length_ms % self.pane_ms:
            yield Fault(("pane",), f"a duration that divides the window's length of {length}")
        elif self.length_ms // self.pane_ms > _PANES_MAX:
            yield Fault(("pane",), f"longer: at most {_PANES_MAX} panes make up the {length}")


def default_windows() -> tuple[WindowSettings, ...]:
    """The windows that most teams look at."""
    return tuple(
        WindowSettings.model_validate(
            {"name": window.name, "length": window.length_ms, "pane": window.tier_ms}
        )
        for window in DEFAULT_WINDOWS
    )


def window_faults(windows: tuple[WindowSettings, ...]) -> Iterator[Fault]:
    """What keeps windows from being read together: an open coarse pane is read from finer ones."""
    if not windows:
        yield Fault((), "at least one window")
    yield from repeated([w.name for w in windows], "a name of its own", ("name",))
    panes_ms = sorted({window.pane_ms for window in windows})
    for finer_ms, coarser_ms in pairwise(panes_ms):
        at = next(at for at, window in enumerate(windows) if window.pane_ms == coarser_ms)
        finer, coarser = duration_text(finer_ms), duration_text(coarser_ms)
        if coarser_ms % finer_ms:
            yield Fault(
                (at, "pane"), f"a multiple of {finer}, the next finer pane of another window"
            )
        elif max(w.length_ms for w in windows if w.pane_ms == finer_ms) < coarser_ms:
            yield Fault(
                (at, "pane"),
                f"the longest window with panes of {finer} must be at least {coarser} long,"
                " because it stands in for this pane while that is still open",
            )


def _read_together(windows: tuple[WindowSettings, ...]) -> tuple[WindowSettings, ...]:
    faults = tuple(window_faults(windows))
    if faults:
        raise FaultsError(faults)
    return windows


READ_TOGETHER = AfterValidator(_read_together)
