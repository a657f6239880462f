"""A bell between this process and the one that sends alerts: rung when something new waits to be sent."""

from collections.abc import Callable

_ringers: list[Callable[[], None]] = []


def ring() -> None:
    """Wake the sender, if this process has one; whoever looks every second sees it anyway."""
    for one in _ringers:
        one()


def on_ring(ringer: Callable[[], None]) -> Callable[[], None]:
    """Have this called at every ring; what is given back ends that."""
    _ringers.append(ringer)
    return lambda: _ringers.remove(ringer)
