"""Keys of webhooks: read once for many requests, and guesses cost nothing."""

from gotero.adapters.memory.definitions import MemoryDefinitions
from gotero.adapters.memory.world import SetClock
from gotero.ports import Definition
from gotero.services.find_webhook import FindWebhook


class Counted(MemoryDefinitions):
    """How often all of a kind were read."""

    reads = 0

    def all(self, kind: str) -> list[Definition]:
        self.reads += 1
        return super().all(kind)


def webhook(key: str) -> Definition:
    return Definition("webhooks", key, {"name": key, "provider": "brevo", "authorization": ["arn"]}, 1, "", "")


def test_a_burst_reads_the_definitions_once() -> None:
    definitions, clock = Counted(webhook("k1")), SetClock()
    find = FindWebhook(definitions, clock)
    assert all(find("brevo", "k1") for _ in range(100))
    assert not any(find("brevo", f"guess-{n}") or find("postmark", "k1") for n in range(100))
    assert definitions.reads == 1


def test_a_change_is_seen_within_a_minute_and_a_new_one_at_once() -> None:
    definitions, clock = Counted(webhook("k1")), SetClock()
    find = FindWebhook(definitions, clock)
    assert find("brevo", "k1")
    definitions.put(webhook("k2"))
    definitions.delete("webhooks", "k1")
    assert find("brevo", "k2") is None
    clock.move(seconds=1)
    assert find("brevo", "k2")
    assert find("brevo", "k1") is None
    definitions.delete("webhooks", "k2")
    clock.move(seconds=58)
    assert find("brevo", "k2")
    clock.move(seconds=2)
    assert find("brevo", "k2") is None
