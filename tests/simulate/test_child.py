import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from processor.simulate.child import (
    PORTS,
    Child,
    ServerError,
    free_port,
    listening,
    wait_until,
)

SLEEP = ["sleep", "1000"]
DEAF = ["sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 0.05; done"]
POLITE = ["sh", "-c", "trap 'echo asked; exit' TERM; echo ready; while :; do sleep 0.05; done"]
OWNER = """
import sys
from pathlib import Path
from processor.simulate.child import Child
child = Child(["sleep", "1000"], directory=Path(sys.argv[1]), name="sleeper")
child.start()
print(child.pid, flush=True)
sys.stdin.read()
"""


def alive(pid: int) -> bool:
    """Whether a process still does something; a zombie that nobody reaps does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def sleeper(tmp_path: Path) -> Child:
    return Child(SLEEP, directory=tmp_path, name="sleeper")


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_child_ends_with_its_owner_however_that_ends(tmp_path: Path, end: int) -> None:
    words = [sys.executable, "-c", OWNER, str(tmp_path)]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        assert alive(pid)
        owner.send_signal(end)
        owner.wait(10)
    wait_until(lambda: not alive(pid), timeout_s=10, what="the child gone")


def test_a_child_outlives_the_thread_that_started_it(sleeper: Child) -> None:
    thread = threading.Thread(target=sleeper.start)
    thread.start()
    thread.join()
    try:
        with pytest.raises(psutil.TimeoutExpired):
            psutil.Process(sleeper.pid).wait(0.2)
        assert sleeper.running
    finally:
        sleeper.kill()


def test_ctrl_c_does_not_reach_a_child_past_its_owner(sleeper: Child) -> None:
    sleeper.start()
    try:
        assert os.getsid(sleeper.pid) == sleeper.pid != os.getsid(0)
    finally:
        sleeper.kill()


def test_a_killed_child_is_gone_with_its_warden_and_can_start_again(sleeper: Child) -> None:
    before = set(psutil.Process().children())
    sleeper.start()
    first = sleeper.pid
    sleeper.kill()
    assert not sleeper.running
    assert not alive(first)
    assert set(psutil.Process().children()) == before
    sleeper.start()
    assert sleeper.running
    assert sleeper.pid != first
    sleeper.kill()


def test_a_child_that_ended_by_itself_takes_its_warden_along(tmp_path: Path) -> None:
    before = set(psutil.Process().children())
    child = Child(["true"], directory=tmp_path, name="brief")
    child.start()
    wait_until(lambda: not child.running, timeout_s=10, what="the end")
    assert set(psutil.Process().children()) == before


def test_a_paused_child_stands_still_and_can_be_asked_to_end(tmp_path: Path) -> None:
    child = Child(POLITE, directory=tmp_path, name="polite")
    child.start()
    child.wait_until(lambda: "ready" in child.log.read_text(), timeout_s=10)
    child.pause()
    status = psutil.Process(child.pid).status
    wait_until(lambda: status() == psutil.STATUS_STOPPED, timeout_s=10, what="standing still")
    assert child.running
    child.stop(timeout_s=10)
    assert not child.running
    assert "asked" in child.log.read_text()


def test_a_child_that_is_resumed_goes_on(sleeper: Child) -> None:
    sleeper.start()
    sleeper.pause()
    status = psutil.Process(sleeper.pid).status
    wait_until(lambda: status() == psutil.STATUS_STOPPED, timeout_s=10, what="standing still")
    sleeper.resume()
    wait_until(lambda: status() == psutil.STATUS_SLEEPING, timeout_s=10, what="going on")
    sleeper.kill()


def test_a_child_that_is_deaf_to_requests_is_made_to_end(tmp_path: Path) -> None:
    child = Child(DEAF, directory=tmp_path, name="deaf")
    child.start()
    child.wait_until(lambda: "deaf" in child.log.read_text(), timeout_s=10)
    child.stop(timeout_s=0.1)
    assert not child.running


def test_ending_what_does_not_run_does_nothing(sleeper: Child) -> None:
    sleeper.stop()
    sleeper.kill()
    sleeper.pause()
    sleeper.resume()
    assert not sleeper.running
    with pytest.raises(ServerError, match="never started"):
        _ = sleeper.pid


def test_a_running_child_is_not_started_twice(sleeper: Child) -> None:
    sleeper.start()
    try:
        with pytest.raises(ServerError, match="runs already"):
            sleeper.start()
    finally:
        sleeper.kill()


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="no-such-program"):
        Child(["no-such-program"], directory=tmp_path, name="none").start()


def test_a_child_that_ends_before_it_is_ready_shows_its_log(tmp_path: Path) -> None:
    child = Child(["sh", "-c", "echo the reason; exit 3"], directory=tmp_path, name="failing")
    child.start()
    with pytest.raises(ServerError, match=r"ended with code 3\n(.|\n)*the reason"):
        child.wait_until(lambda: False, timeout_s=10)


def test_a_child_that_is_never_ready_shows_its_log(tmp_path: Path) -> None:
    child = Child(["sh", "-c", "echo busy; exec sleep 1000"], directory=tmp_path, name="slow")
    child.start()
    try:
        child.wait_until(lambda: "busy" in child.log.read_text(), timeout_s=10)
        with pytest.raises(ServerError, match=r"not within 0\.05 s\n(.|\n)*busy"):
            child.wait_until(lambda: False, timeout_s=0.05)
    finally:
        child.kill()


def test_a_port_is_given_only_if_nobody_listens_on_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert listening(port)
        with pytest.raises(ServerError, match="no free port"):
            free_port(range(port, port + 1))
    assert not listening(port)


def test_a_port_is_given_only_once() -> None:
    port = free_port()
    with pytest.raises(ServerError, match="no free port"):
        free_port(range(port, port + 1))


def test_a_port_is_never_one_that_the_kernel_lends_to_outgoing_connections() -> None:
    lent = Path("/proc/sys/net/ipv4/ip_local_port_range")
    first_lent = int(lent.read_text().split()[0]) if lent.exists() else 49_152
    assert PORTS.stop <= first_lent
