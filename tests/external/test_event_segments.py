"""Segments that live in time, of another project: events, a clock that moves, definitions that change.

Its tracked events are posts of forms here, its mail events messages; seconds of a window are hours, so that a window
of five seconds is one of five hours.
"""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gotero.domain import instant
from gotero.domain.custom_field import CustomField, with_custom
from gotero.domain.ids import derived_id
from gotero.domain.message import Mailing, Message, MessageKey, notice
from gotero.domain.message_event import EventKind, MessageEvent, apply
from gotero.domain.modules import MODULES, Field, FieldType, Label
from gotero.domain.record import Ref
from gotero.services.change_message import Ledger, change_message
from gotero.services.find_filter import Chosen
from gotero.services.save_record import update_record
from gotero.services.set_autosync import turn_on
from gotero.services.start_fill import start_fill
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.synced_office import SyncedOffice

CASES = Path(__file__).parents[3] / "shared" / "cases" / "event_segment_scenarios.json"
MAILS = {
    "DFInternalMessageSent": EventKind.ACCEPTED,
    "DFEmailDelivered": EventKind.DELIVERED,
    "DFEmailOpened": EventKind.OPENED,
    "DFEmailClicked": EventKind.CLICKED,
    "DFEmailBounced": EventKind.BOUNCED,
    "DFEmailMarkedSpam": EventKind.SPAM,
    "DFEmailDropped": EventKind.DROPPED,
}
FACTS = {EventKind.ACCEPTED: "sent"}
TIMES = {">=": lambda n: {"at_least": n}, "=": lambda n: {"exactly": n}, "<=": lambda n: {"at_most": n}}
TIMES |= {"<": lambda n: {"at_most": n - 1}, ">": lambda n: {"at_least": n + 1}}
OPS = {"Equals": "is", "NotEquals": "is_not", "Exists": "is_not_empty", "NotExists": "is_empty"}
OPS |= {"LessThan": "less_than", "GreaterThanOrEqual": "greater_than_or_equal_to"}


class Unfit(Exception):
    """What the scenario asks for is not of this product; the text says what."""


def cases() -> list[dict[str, Any]]:
    if not CASES.exists():
        return []
    found: list[dict[str, Any]] = json.loads(CASES.read_text(encoding="utf-8"))["scenarios"]
    return found


def definitions(scenario: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from scenario["segments"]
    for step in scenario["steps"]:
        yield from step.get("segments") or ()


def nodes_of(segment: dict[str, Any]) -> list[dict[str, Any]]:
    return [segment["definition"]["entryNode"], *segment["definition"]["nodes"]]


class Told:
    """One scenario, acted out in an office."""

    def __init__(self, scenario: dict[str, Any]) -> None:
        self.scenario = scenario
        self.fields: dict[str, Field] = {}
        nodes = [node for segment in definitions(scenario) for node in nodes_of(segment)]
        windows = [n["withinSeconds"] for n in nodes if n.get("withinSeconds")]
        self.scale = 1 if all(window % 3600 == 0 for window in windows) else 3600
        for node in nodes:
            if node["type"] == "Trait":
                self._declare(node)
        self.conditions = {id(s): self._condition(s) for s in definitions(scenario)}
        if not self.conditions:
            raise Unfit("no segment, only computed properties of users")
        MODULES.declare(
            with_custom(MODULES.shipped.values(), [CustomField("contacts", f) for f in self.fields.values()])
        )
        self.office = SyncedOffice()
        self.office.clock.set(instant.read(scenario["now"]))
        self.users: dict[str, Ref] = {}
        self.segments: dict[str, Any] = {}
        self.forms: set[str] = set()
        self.mails = 0
        for segment in scenario["segments"]:
            self._define(segment)

    # -- definitions

    def _declare(self, node: dict[str, Any]) -> None:
        operator = node["operator"]["type"]
        type: FieldType = "text"
        if operator in ("LessThan", "GreaterThanOrEqual"):
            type = "decimal"
        elif operator in ("AbsoluteTimestamp", "Within"):
            type = "datetime"
        elif operator not in OPS:
            raise Unfit(f"operator {operator}")
        name = f"trait_{len(self.fields)}"
        self.fields.setdefault(node["path"], Field(name, Label(name, name), type, custom=True))

    def _condition(self, segment: dict[str, Any]) -> dict[str, Any]:
        nodes = {node["id"]: node for node in nodes_of(segment)}
        return self._node(segment["definition"]["entryNode"], nodes)

    def _node(self, node: dict[str, Any], nodes: dict[str, Any]) -> dict[str, Any]:
        match node["type"]:
            case "And" | "Or" as group:
                parts = [self._node(nodes[child], nodes) for child in node["children"]]
                return {"all" if group == "And" else "any": parts}
            case "Trait":
                return self._trait(node)
            case "Performed":
                return self._performed(node)
            case "Email" if node["event"] in MAILS:
                kind = MAILS[node["event"]]
                asked = {"activity": FACTS.get(kind, str(kind)), "template": node["templateId"]}
                return asked | {"times": TIMES[node.get("timesOperator", ">=")](node.get("times", 1))}
        raise Unfit(f"node {node['type']}")

    def _trait(self, node: dict[str, Any]) -> dict[str, Any]:
        operator, field = node["operator"], self.fields[node["path"]].id
        if operator["type"] == "AbsoluteTimestamp":
            return {"field": field, "op": operator["direction"], "value": operator["absoluteTimestamp"]}
        if operator["type"] == "Within":
            if self.scale != 1 or operator["windowSeconds"] % 3600:
                raise Unfit("a window of seconds")
            return {"field": field, "op": "less_than_hours_before", "value": operator["windowSeconds"] // 3600}
        value = operator.get("value")
        return {"field": field, "op": OPS[operator["type"]]} | ({} if value is None else {"value": value})

    def _performed(self, node: dict[str, Any]) -> dict[str, Any]:
        if node.get("properties"):
            raise Unfit("properties of tracked events")
        if node["event"].endswith("*"):
            raise Unfit("events by prefix")
        times = TIMES[node.get("timesOperator", ">=")](node.get("times", 1))
        asked = {"activity": "form_posted", "form": form(node["event"]), "times": times}
        window = node.get("withinSeconds")
        return asked | ({"within_hours": window * self.scale // 3600} if window else {})

    def _define(self, segment: dict[str, Any]) -> None:
        for node in nodes_of(segment):
            if node["type"] == "Performed":
                self._form(node["event"])
            elif node["type"] == "Email":
                self.office.define("templates", {"name": node["templateId"]}, node["templateId"])
        condition, known = self.conditions[id(segment)], self.segments.get(segment["name"])
        if known is None:
            known = self.segments[segment["name"]] = self.office.segment()
        before = self.office.rules.now().index.of_segment(known.id, "contacts")
        replaces = before[0].id if before else None
        chosen = Chosen("contacts", condition)
        switch = turn_on(self.office.definer, known.id, chosen, replaces=replaces, cause=BY_MARC)
        start_fill(self.office.filler, switch, user_id=MARC)
        self.office.work()

    # -- steps

    def run(self) -> int:
        """How many memberships were asked for, all of them right."""
        return sum(self._step(step) for step in self.scenario["steps"])

    def _step(self, step: dict[str, Any]) -> int:
        match step["step"]:
            case "events":
                for event in step["events"]:
                    self._event(event)
            case "advance_clock_ms":
                self.office.sync()
                self.office.pass_time(milliseconds=step["ms"] * self.scale)
            case "redefine":
                for segment in step.get("segments") or ():
                    self._define(segment)
            case "evaluate":
                self.office.sync()
            case "assert":
                return sum(self._right(user, step) for user in step.get("users") or ())
        return 0

    def _event(self, event: dict[str, Any]) -> None:
        now = self.office.clock.now()
        self.office.clock.set(now + timedelta(milliseconds=event["offsetMs"] * self.scale))
        user = self.users.setdefault(event["userId"], Ref("", ""))
        if not user.id:
            user = self.users[event["userId"]] = self.office.contact()
        if event["type"] == "identify":
            update_record(self.office.writer, user, self._values(event["traits"]), cause=BY_MARC)
        elif event.get("event") in MAILS:
            self._mail(user, MAILS[event["event"]], event.get("properties") or {})
        elif event["type"] == "track":
            self._form(event["event"])
            update_record(self.office.writer, user, {}, cause=BY_MARC, form=form(event["event"]))
        self.office.clock.set(now)

    def _values(self, traits: dict[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for path, field in self.fields.items():
            found: Any = traits
            for key in re.findall(r'\["([^"]*)"\]', path) or path.split("."):
                found = found.get(key) if isinstance(found, dict) else None
            if found is not None:
                values[field.id] = found if field.type == "decimal" else str(found)
        return values

    def _form(self, event: str) -> None:
        if event not in self.forms:
            self.forms.add(event)
            self.office.define("forms", {"name": event}, form(event))

    def _mail(self, user: Ref, kind: EventKind, properties: dict[str, Any]) -> None:
        self.mails += 1
        at = instant.write(self.office.clock.now())
        key = MessageKey(user, "job", derived_id(str(properties.get("messageId"))))
        mailing = Mailing(str(properties.get("templateId")), "T", "marketing", MARC, "a@example.org")
        message = Message(key, "MSG-1", MARC, mailing, BY_MARC, at, at)
        self.office.messages.create(message, notice(message, "planned", BY_MARC))
        event = MessageEvent(str(self.mails), kind, str(key), at)
        ledger = Ledger(self.office.messages, self.office.jobs)
        change_message(ledger, key, lambda stored: apply(stored, event), str(kind), BY_MARC)

    def _right(self, user: dict[str, Any], step: dict[str, Any]) -> int:
        expected = user.get("segments") or {}
        for name, inside in expected.items():
            ref = self.users.get(user["id"])
            found = bool(ref and self.office.memberships.get(self.segments[name].id, ref))
            assert found is bool(inside), (user["id"], name, step.get("description"))
        return len(expected)


def form(event: str) -> str:
    return derived_id("form", event)


@pytest.fixture(autouse=True)
def shipped_fields() -> Iterator[None]:
    yield
    MODULES.declare(MODULES.shipped.values())


@pytest.mark.skipif(not CASES.exists(), reason=f"{CASES.name} is not beside the repository")
def test_people_enter_and_leave_as_they_do_there(capsys: pytest.CaptureFixture[str]) -> None:
    ran = asked = 0
    unfit = []
    for scenario in cases():
        try:
            asked += Told(scenario).run()
            ran += 1
        except Unfit as reason:
            unfit.append(f"{scenario['id']}: {reason}")
        finally:
            MODULES.declare(MODULES.shipped.values())
    with capsys.disabled():
        print(f"\n{CASES.name}: {ran} scenarios with {asked} memberships; not of this product: {len(unfit)}")
        print(*unfit, sep="\n")
    assert ran >= len(unfit) // 2
    assert asked >= ran
