import pytest

from tests.settings.conftest import Right, Wrong


def test_a_port_may_be_any(right: Right) -> None:
    assert right("[worker]\nport = 0").settings.worker.port == 0


@pytest.mark.parametrize(
    ("toml", "name"),
    [
        ("[worker]\nport = 65536", "worker.port"),
        ('[worker]\nhost = "http://localhost"', "worker.host"),
        ('[exporter]\nrefresh = "50ms"', "exporter.refresh"),
        ('[clock]\nmargin = "6m"', "clock.margin"),
        ('[log]\nlevel = "TRACE"', "log.level"),
        ('[log]\nformat = "xml"', "log.format"),
        ("[exporter]\npublish_windows = 1", "exporter.publish_windows"),
    ],
)
def test_what_no_process_could_do_is_refused(wrong: Wrong, toml: str, name: str) -> None:
    (line,) = wrong(toml)
    assert line.startswith(f"{name} = ")
