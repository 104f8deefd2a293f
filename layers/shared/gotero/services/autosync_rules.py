"""The rules of all segments, as they are defined now: parsed once, indexed once a version of the definitions."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from gotero.domain.autosync import Rule
from gotero.domain.errors import InvalidError
from gotero.domain.modules import MODULES
from gotero.domain.rule_index import RuleIndex
from gotero.domain.segment import ACTIVE
from gotero.ports import Definition, Definitions, Json

SEGMENTS = "segments"


@dataclass(frozen=True, slots=True)
class Ruled:
    """The rules at one version of the definitions."""

    index: RuleIndex = field(default_factory=lambda: RuleIndex(()))
    #: Sources that do not count: of generations that are being filled, or have been replaced.
    uncounted: frozenset[str] = frozenset()
    #: Those of them that are to be taken away.
    retired: frozenset[str] = frozenset()


class Rules:
    """Keeps what it has parsed. Reading them costs one look at the version of the segments.

    `seen` costs none after a look at all definitions: enough to find what a change can touch that was made before the
    look. A verdict stands on `now`, read after the version that it is written over.

    A rule that no longer fits (a field it reads is gone) stops no other: its segment stands still, as an inactive one
    does. `broken` names it.
    """

    def __init__(self, definitions: Definitions, declare: Callable[[], object] = lambda: None) -> None:
        """`declare` looks at the fields as they are now: a rule may be younger than this process's last look."""
        self._definitions, self._declare = definitions, declare
        self.broken: list[str] = []
        self._of: list[Definition] | None = None
        self._declared = MODULES.version
        self._ruled = Ruled()
        self._parsed: dict[tuple[str, str], Rule | None] = {}

    def now(self) -> Ruled:
        return self._of_stored(self._definitions.all(SEGMENTS))

    def seen(self) -> Ruled:
        return self._of_stored(self._definitions.seen(SEGMENTS))

    def _of_stored(self, stored: list[Definition]) -> Ruled:
        if self._declared != MODULES.version:
            self._parsed, self._of, self._declared = {}, None, MODULES.version
        if stored is not self._of:
            self._ruled, self._of = self._read(stored), stored
        return self._ruled

    def uncounted(self) -> Collection[str]:
        return self.now().uncounted

    def _read(self, stored: list[Definition]) -> Ruled:
        known, self._parsed = self._parsed, {}
        retired: set[str] = set()
        filling: set[str] = set()
        active: list[Rule] = []
        broken: list[str] = []
        for definition in stored:
            retired.update(definition.data.get("retired") or ())
            for data in definition.data.get("autosync") or ():
                key = (data["id"], data["state"])
                rule = self._parsed[key] = known.get(key) or self._fitting(definition.id, data)
                if data["state"] == "filling":
                    filling.add(data["id"])
                if rule is None:
                    broken.append(definition.id)
                elif definition.data["status"] == ACTIVE:
                    active.append(rule)
        self.broken = broken
        return Ruled(RuleIndex(active), frozenset(retired | filling), frozenset(retired))

    def _fitting(self, segment: str, data: Json) -> Rule | None:
        try:
            return Rule.from_json(segment, data)
        except InvalidError:
            self._declare()
        try:
            return Rule.from_json(segment, data)
        except InvalidError:
            return None
