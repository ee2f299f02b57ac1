"""Times of several ways to do one thing, taken in turn, so that what else the machine does weighs on all alike."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping

#: Does the thing once, and says how long it took in seconds; None: take the time from outside.
Way = Callable[[], float | None]


def medians(ways: Mapping[str, Way], rounds: int, warm_up: int = 2) -> dict[str, float]:
    """The median time of each way, in seconds."""
    for _ in range(warm_up):
        for way in ways.values():
            way()
    gc.collect()
    times: dict[str, list[float]] = {name: [] for name in ways}
    order = list(ways.items())
    for _ in range(rounds):
        for name, way in order:
            gc.collect()  # what one way leaves behind is not to be cleared away in another's time
            begun = time.perf_counter()
            said = way()
            times[name].append(time.perf_counter() - begun if said is None else said)
        order.append(order.pop(0))  # each is first, and last, as often as the others
    return {name: statistics.median(taken) for name, taken in times.items()}
