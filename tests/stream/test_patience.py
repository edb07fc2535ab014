"""What passes by itself is tried again; what does not is raised."""

from aiokafka.errors import KafkaTimeoutError
from pytest import MonkeyPatch, mark, raises
from tenacity import RetryCallState

from processor.store.contract import StoreUnavailableError
from processor.stream import patience
from processor.stream.patience import patiently


class Flaky:
    """Fails as often as it has errors."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.told: list[int] = []

    async def attempt(self) -> str:
        if self.errors:
            raise self.errors.pop(0)
        return "done"

    async def on_failure(self, attempts: RetryCallState) -> None:
        self.told.append(attempts.attempt_number)


async def test_it_is_tried_until_it_is_done(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "RETRY_FIRST_S", 0.0)
    monkeypatch.setattr(patience, "RETRY_MAX_S", 0.0)
    flaky = Flaky(StoreUnavailableError("a"), KafkaTimeoutError("b"), ConnectionResetError("c"))
    assert await patiently(flaky.attempt, flaky.on_failure) == "done"
    assert flaky.told == [1, 2, 3]


@mark.parametrize("error", [ValueError("x"), KeyError("y")])
async def test_what_nobody_foresaw_is_raised_at_once(error: Exception) -> None:
    flaky = Flaky(error)
    with raises(type(error)):
        await patiently(flaky.attempt, flaky.on_failure)
    assert flaky.told == []
