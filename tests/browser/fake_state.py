"""What the API in memory knows: everything that its routes read and change."""

import json
from collections.abc import Callable
from typing import Any

from gotero.adapters.memory.records import MemoryNumbers
from gotero.domain.numbering import Numbering
from tests.browser import sample_data, sample_definitions, sample_meta, sample_segments, sample_settings
from tests.browser.fake_exchange import FakeExchange

Json = dict[str, Any]
Answer = tuple[int, Any]
Routes = list[tuple[str, str, Callable[..., Answer]]]


def problem(status: int, title: str, *errors: tuple[str, str]) -> Answer:
    body = {"type": "about:blank", "title": title, "status": status}
    return status, {**body, "errors": [{"path": path, "rule": "", "message": message} for path, message in errors]}


class State:
    """`calls` remembers every write, so that a test can assert what the console sent."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.meta = sample_meta.meta()
        self.records = sample_data.records()
        self.segments = sample_segments.segments()
        self.members = sample_segments.members()
        self.kept_out = [sample_segments.KEPT_OUT]
        self.definitions = sample_definitions.definitions()
        self.definitions["filters"] = json.loads(json.dumps(sample_definitions.FILTERS))
        self.definitions["users"] = sample_definitions.users()
        self.definitions["groups"] = [{"id": "g-sales", "name": "Comerciales", "version": 1}]
        self.definitions["webhooks"] = sample_definitions.webhooks()
        #: How long the next counts take to answer, in seconds.
        self.slow: list[float] = []
        #: What a condition that is counted is refused for: (path, message).
        self.uncountable: list[tuple[str, str]] = []
        self.fields: list[Json] = []
        self.linked: list[str] = []
        #: The bin of each module, the columns somebody has chosen, and what undoing goes back to.
        self.bin: dict[str, list[Json]] = {}
        self.chosen: dict[str, list[str]] = {}
        self.before: list[Json] = []
        #: What is told of whatever is asked about.
        self.uses: list[Json] = []
        self.jobs: list[Json] = []
        self.suppressions = sample_settings.suppressions()
        self.deliverability = sample_settings.deliverability()
        self.settings = sample_settings.settings()
        #: One more than the settings once said.
        self.numbers = MemoryNumbers()
        self.numbers.draw("contacts", 120, Numbering("CON-", 6))
        self.numbers.write_as("contacts", Numbering("CON-", 6))
        self.calls: list[tuple[str, str, Any]] = []
        #: What the next definition to be saved is refused for: (path, message).
        self.refused: list[tuple[str, str]] = []
        self.tokens: set[str] = set()
        self.codes: dict[str, str] = {}
        self.exchange = FakeExchange()

    @staticmethod
    def find(items: list[Json], id: str) -> Answer:
        found = next((item for item in items if item["id"] == id), None)
        return (200, found) if found else problem(404, "Not found")
