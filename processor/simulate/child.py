"""A server as a child process: started, waited for, signalled, and never left behind.

What lives here: one process, its log file, its signals, and free ports. What must never live here:
anything about a particular server. What the rest may lean on:

- The child ends with its owner, however that ends. A *warden*, a shell that holds one end of a
  pipe, kills the child when the owner's end closes, and the kernel closes it even after SIGKILL.
  (Linux's PR_SET_PDEATHSIG fires as soon as the *thread* that started the child ends.)
- A signal goes to a pid that is not reaped yet, so never to a stranger who inherited the number.
- The child has a session of its own: Ctrl-C reaches the owner alone, which then stops its children.
- When a child does not come up, the error carries the end of its log.
"""

import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

# Below the ports that the kernel lends to outgoing connections (Linux: from 32768, macOS: from
# 49152). Among those, a client that keeps dialling a stopped server may be lent that server's own
# port: it is then connected to itself, and the server cannot come back.
PORTS = range(20_000, 32_000)
POLL_S = 0.02
KILL_WAIT_S = 10.0
LOG_TAIL_LINES = 40

_given_ports: set[int] = set()


class ServerError(RuntimeError):
    """A server that did not start, did not get ready, or is not there."""


def free_port(ports: range = PORTS) -> int:
    """A TCP port of 127.0.0.1 that nobody listens on and that this process was not given before.

    Nothing holds the port until the server binds it, so another process may take it first.

    Raises:
        ServerError: none of them is free.
    """
    for port in random.sample(ports, k=len(ports)):
        if port in _given_ports:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given_ports.add(port)
        return port
    raise ServerError(f"no free port in [{ports.start}, {ports.stop})")


def wait_until(ready: Callable[[], bool], *, timeout_s: float, what: str) -> None:
    """Return as soon as `ready()` is true.

    Raises:
        ServerError: it was not within `timeout_s`; `what` names what was waited for.
    """
    deadline = time.monotonic() + timeout_s
    while not ready():
        if time.monotonic() > deadline:
            raise ServerError(f"{what}: not within {timeout_s:g} s")
        time.sleep(POLL_S)


def listening(port: int) -> bool:
    """Whether somebody accepts connections on that port of 127.0.0.1."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


class Child:
    """One server process, which can be started again when it has ended; its log then goes on."""

    def __init__(self, command: Sequence[str], *, directory: Path, name: str) -> None:
        """Nothing is started yet; `directory` becomes the working folder and holds `<name>.log`."""
        self.command = tuple(command)
        self.directory = directory
        self.name = name
        self.log = directory / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._warden: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id of the child that was started last, which may have ended.

        Raises:
            ServerError: none was started yet.
        """
        if self._process is None:
            raise ServerError(f"{self.name} was never started")
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process lives; a paused one does."""
        if self._process is None:
            return False
        if self._process.poll() is None:
            return True
        self._dismiss_warden()
        return False

    def start(self) -> None:
        """Start the process; whether it serves is for `wait_until` to say.

        Raises:
            ServerError: it runs already, or the program cannot be executed.
        """
        if self.running:
            raise ServerError(f"{self.name} runs already")
        with self.log.open("ab") as log:
            try:
                self._process = subprocess.Popen(
                    self.command,
                    cwd=self.directory,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as error:
                raise ServerError(f"{self.name}: {error}") from error
        self._warden = subprocess.Popen(
            ["/bin/sh", "-c", 'read -r _; kill -KILL "$0"', str(self._process.pid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def wait_until(self, ready: Callable[[], bool], *, timeout_s: float) -> None:
        """Return as soon as `ready()` is true.

        Raises:
            ServerError: the process ended first, or the time was over; with the end of the log.
        """

        def ready_or_ended() -> bool:
            return not self.running or ready()

        try:
            wait_until(ready_or_ended, timeout_s=timeout_s, what=f"{self.name} ready")
        except ServerError as error:
            raise ServerError(f"{error}\n{self.log_tail()}") from None
        if not self.running:
            code = self._process.returncode if self._process else None
            raise ServerError(f"{self.name} ended with code {code}\n{self.log_tail()}")

    def log_tail(self) -> str:
        """The last lines of the log, headed by its name: its folder may be gone by now."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        heading = f"--- the end of {self.log.name}"
        return "\n".join([heading, *text.splitlines()[-LOG_TAIL_LINES:]])

    def pause(self) -> None:
        """Freeze the process (SIGSTOP): it keeps its sockets and answers nobody."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen process go on (SIGCONT)."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End the process at once (SIGKILL), frozen or not."""
        self._end(signal.SIGKILL, timeout_s=KILL_WAIT_S)

    def stop(self, *, timeout_s: float = 10.0) -> None:
        """Ask the process to end (SIGTERM) and, after `timeout_s`, make it."""
        if not self.running:
            return
        self.resume()  # A frozen process would get the request only when it wakes up.
        try:
            self._end(signal.SIGTERM, timeout_s=timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self.running:
            self._process.send_signal(number)

    def _end(self, number: signal.Signals, *, timeout_s: float) -> None:
        self._signal(number)
        if self._process is not None:
            self._process.wait(timeout_s)
        self._dismiss_warden()

    def _dismiss_warden(self) -> None:
        """End the warden before the pid that it watches can belong to somebody else."""
        warden, self._warden = self._warden, None
        if warden is not None:
            warden.kill()
            warden.wait(KILL_WAIT_S)
            if warden.stdin is not None:
                warden.stdin.close()
