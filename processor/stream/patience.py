"""What passes by itself is tried again: which errors these are, and how long between two tries."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiokafka.errors import KafkaError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential_jitter

from processor.store.contract import StoreUnavailableError
from processor.stream.outlet import OutletUnavailableError

T = TypeVar("T")

RETRY_FIRST_S, RETRY_MAX_S = 0.05, 5.0
"""The first and the longest pause before something is tried again."""

AWAY = (StoreUnavailableError, OutletUnavailableError, KafkaError, OSError)
"""What passes by itself."""


async def patiently(
    attempt: Callable[[], Awaitable[T]],
    on_failure: Callable[[RetryCallState], Awaitable[None]],
) -> T:
    """What the attempt returns, tried until it does not fail for reasons that pass.

    `on_failure` is awaited after each failure, before the pause.
    """

    async def once() -> T:
        return await attempt()

    retrying = AsyncRetrying(
        retry=retry_if_exception_type(AWAY),
        wait=wait_exponential_jitter(
            multiplier=RETRY_FIRST_S, max=RETRY_MAX_S, jitter=RETRY_FIRST_S
        ),
        before_sleep=on_failure,
    )
    return await retrying(once)
