"""Every test ends by itself: a coroutine is given up where it waits, so that its traceback says what never came.

pytest-timeout stands behind it (``pyproject.toml``), for what blocks the loop itself or hangs in a fixture, and
limits the run; it prints the stack of every thread.
"""

import asyncio
import functools
import inspect
from collections.abc import Callable
from typing import Any

# Far beyond what the slowest test takes beside others on a busy machine.
SECONDS = 150


def limited(test: Callable[..., Any], seconds: float = SECONDS) -> Callable[..., Any]:
    """This coroutine function, which raises TimeoutError where it still waits after so many seconds."""

    @functools.wraps(test)
    async def run(*arguments: Any, **values: Any) -> Any:
        async with asyncio.timeout(seconds):
            return await test(*arguments, **values)

    return run


def limit(item: Any) -> None:
    """Give a collected test its limit."""
    if inspect.iscoroutinefunction(getattr(item, "obj", None)):
        item.obj = limited(item.obj)
