"""Which webhook stands behind a key: kept for a minute, so that a burst of events reads the definitions once."""

from datetime import datetime, timedelta

from gotero.domain.webhook import KIND, Webhook
from gotero.ports import Clock, Definitions

#: How long a change of a webhook may take to be seen.
KEEP = timedelta(seconds=60)
#: A key that is not among those known may be new; guesses cost a look every second and no more.
LOOK_AGAIN = timedelta(seconds=1)


class FindWebhook:
    """The webhook of a key; None for a key of nobody's."""

    def __init__(self, definitions: Definitions, clock: Clock) -> None:
        self._definitions, self._clock = definitions, clock
        self._known: dict[str, Webhook] = {}
        self._read_at: datetime | None = None

    def __call__(self, provider: str, key: str) -> Webhook | None:
        self._read_if_older_than(KEEP)
        if key not in self._known:
            self._read_if_older_than(LOOK_AGAIN)
        found = self._known.get(key)
        return found if found and found.provider == provider else None

    def _read_if_older_than(self, age: timedelta) -> None:
        now = self._clock.now()
        if self._read_at is None or not timedelta(0) <= now - self._read_at < age:
            self._known = {d.id: Webhook.from_json(d.data) for d in self._definitions.all(KIND)}
            self._read_at = now
