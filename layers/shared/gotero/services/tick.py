"""Hand over to the queue what is due in the next minute and a half; the queue holds each back until its instant.

Harmless when it runs twice, late or half: an entry is forgotten only after the queue has accepted it, and whatever it
names is re-read when it fires.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import groupby

from gotero.ports import Clock, Due, DueIndex, Queue
from gotero.services.assign import delay_until

#: More than the minute until the next tick, so that a tick that comes late delays nothing.
HORIZON = timedelta(seconds=90)
#: The minute at which things that are done once an hour are.
HOURLY_AT = 17


def tick(
    due_index: DueIndex,
    queue: Queue,
    clock: Clock,
    *,
    hourly: Sequence[str] = (),
    enough: Callable[[], bool] = lambda: False,
) -> int:
    """How many entries were handed over. `hourly` names what is due once an hour beside them.

    `enough` is asked between pages: what is left waits for the next tick.
    """
    now = clock.now()
    handed = 0
    if hourly and now.minute == HOURLY_AT:
        # Lost, it waits for the next hour; twice, it is one: what it names is re-read.
        queue.put([Due(now, name, {}).to_json() for name in hourly])
    for page in due_index.due(now + HORIZON):
        ordered = sorted(page, key=lambda due: due.at)
        for delay, together in groupby(ordered, key=lambda due: delay_until(due.at, now)):
            queue.put([due.to_json() for due in together], delay)
        due_index.done(page)
        handed += len(page)
        if enough():
            break
    return handed
