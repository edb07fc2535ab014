from processor.core.definitions import DEFAULT_WINDOWS, Window
from processor.settings.window import default_windows
from tests.settings.conftest import Right, Wrong


def window(name: str, length: str, pane: str) -> str:
    return f'[[windows]]\nname = "{name}"\nlength = "{length}"\npane = "{pane}"\n'


def test_the_default_windows_are_those_of_the_core() -> None:
    windows = [Window(w.name, w.length_ms, w.pane_ms) for w in default_windows()]
    assert windows == list(DEFAULT_WINDOWS)


def test_a_window_is_made_of_whole_panes(wrong: Wrong) -> None:
    assert wrong(window("5m", "5m", "7s")) == [
        "windows.5m.pane = '7s' (file cxpulse.toml): a duration that divides the window's length"
        " of 5m"
    ]


def test_a_coarse_pane_is_made_of_finer_ones(wrong: Wrong) -> None:
    assert wrong(window("6m", "6m", "20s") + window("10m", "10m", "50s")) == [
        "windows.10m.pane = '50s' (file cxpulse.toml): a multiple of 20s, the next finer pane of"
        " another window"
    ]


def test_finer_panes_are_kept_until_the_coarse_one_is_closed(wrong: Wrong) -> None:
    assert wrong(window("30m", "30m", "10s") + window("7d", "7d", "1h")) == [
        "windows.7d.pane = '1h' (file cxpulse.toml): the longest window with panes of 10s must be"
        " at least 1h long, because it stands in for this pane while that is still open"
    ]


def test_windows_have_different_names_and_all_faults_are_told(wrong: Wrong) -> None:
    lines = wrong(window("a", "30m", "10s") + window("a", "7d", "1h"))
    assert len(lines) == 2
    assert lines[0].startswith("windows.#2.name = 'a'")
    assert lines[1].startswith("windows.#2.pane = '1h'")


def test_at_least_one_window_is_needed(wrong: Wrong) -> None:
    assert wrong("windows = []") == ["windows = [] (file cxpulse.toml): at least one window"]


def test_one_tier_of_panes_is_enough(right: Right) -> None:
    assert right(window("2m", "2m", "10s")).settings.windows[0].length_ms == 120_000


def test_a_window_is_not_made_of_more_panes_than_memory_holds(wrong: Wrong) -> None:
    assert wrong(window("28d", "28d", "10s")) == [
        "windows.28d.pane = '10s' (file cxpulse.toml): longer: at most 10000 panes make up the 28d"
    ]
