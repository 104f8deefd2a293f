"""/v1/openapi.json says what the functions do: their routes, the keys they read, and valid OpenAPI throughout."""

import importlib
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # the library carries no types
from pytest import MonkeyPatch

from gotero.adapters.memory.definitions import MemoryDefinitions
from gotero.adapters.memory.records import MemoryRecords
from gotero.domain import action, custom_field, filter, form, plan, scheduled_action, segment, webhook, workflow
from gotero.domain.document import read_document
from gotero.domain.document_template import read_document_template
from gotero.domain.errors import InvalidError
from gotero.domain.modules import MODULES
from gotero.domain.shape import Reader
from gotero.domain.template import read_template
from gotero.domain.transactional import read_order
from gotero.entry.bodies import Body
from gotero.entry.openapi import document
from gotero.entry.openapi.routes import ROUTES
from gotero.services.create_user import read_user
from gotero.services.read_order import read_order as read_campaign_order
from gotero.services.save_group import read_group
from tests.contracts.stack_template import PROJECT
from tests.contracts.test_console_bodies import FORM, WORKFLOW
from tests.contracts.test_template import events

DOCUMENT: dict[str, Any] = document(MODULES.values())
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
APPS = {
    app.parent.name: importlib.import_module(f"functions.{app.parent.name}.app")
    for app in sorted((PROJECT / "functions").glob("*_api/app.py"))
}


def served() -> Iterator[tuple[str, str]]:
    """Every route of every admin function, as OpenAPI writes it."""
    for app in APPS.values():
        for route in [*app.api._static_routes, *app.api._dynamic_routes]:
            method = route.method if isinstance(route.method, str) else route.method[0]
            yield method, re.sub(r"<(\w+)>", r"{\1}", route.path)


def test_it_describes_every_route_and_no_other() -> None:
    described = [(route.method, route.path) for route in ROUTES]
    assert len(described) == len(set(described))
    assert set(described) == set(served()), "say what it does in entry/openapi/routes.py"


def test_every_route_of_the_template_leads_to_one_that_is_described() -> None:
    paths = {route.path for route in ROUTES}
    templates = [e["Path"] for _, _, e in events("HttpApi") if e.get("Path", "").startswith("/v1")]
    assert templates
    for template in templates:
        below = template.removesuffix("{proxy+}")
        leads = {path for _, path in served() if path == template or (below != template and path.startswith(below))}
        assert leads <= paths, template
    for path in paths:
        assert any(
            path == t or (t.endswith("/{proxy+}") and path.startswith(t.removesuffix("{proxy+}"))) for t in templates
        ), path


def test_it_is_valid() -> None:
    operations = list(schemathesis.openapi.from_dict(DOCUMENT).get_all_operations())
    assert len(operations) == len(ROUTES)
    assert [operation.err() for operation in operations if not hasattr(operation, "ok")] == []
    names = [o["operationId"] for path in DOCUMENT["paths"].values() for o in path.values()]
    assert len(names) == len(set(names)) == len(ROUTES)
    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from references(child)


def leads_somewhere(reference: str) -> bool:
    found: Any = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        found = found.get(part) if isinstance(found, dict) else None
    return bool(found)


def test_every_reference_leads_somewhere() -> None:
    used = set(references(DOCUMENT))
    assert len(used) > len(SCHEMAS) / 2
    assert [reference for reference in sorted(used) if not leads_somewhere(reference)] == []


def test_every_parameter_that_is_read_is_described() -> None:
    asked = {"limit", "cursor", "sort", "filter"}  # by entry/listing
    entry = PROJECT / "layers/shared/gotero/entry"
    for app in [*(PROJECT / "functions").glob("*_api/app.py"), *entry.glob("routes_*.py")]:
        asked |= set(re.findall(r'api\.query(?:_int|_choice)?\("(\w+)"', app.read_text()))
    described = {name for route in ROUTES for name in route.takes}
    assert described - {"If-Match", "Idempotency-Key"} == asked, "say it in entry/openapi/parameters.py"
    assert described == DOCUMENT["components"]["parameters"].keys()


def test_no_length_is_promised_of_what_is_as_long_as_it_holds() -> None:
    """A generated client refuses before it asks: a condition of the console's builder has 2 KB."""
    for name in ("filter", "cursor"):
        assert "maxLength" not in DOCUMENT["components"]["parameters"][name]["schema"]
    for name in ("Import", "NewDocument"):
        assert "maxLength" not in SCHEMAS[name]["properties"]["upload_url"]


def test_every_route_names_the_problems_that_it_answers() -> None:
    for path in DOCUMENT["paths"].values():
        for operation in path.values():
            assert operation["responses"]["422"] == {"$ref": "#/components/responses/Problem"}


CONTACTS = MODULES["contacts"]
#: With as much in it as it takes to reach every key.
NOW = datetime(2026, 11, 21, tzinfo=UTC)
READ: dict[str, Callable[[], object]] = {
    "Segment": lambda: segment.parse({}, owner="u"),
    "Filter": lambda: filter.parse({"module": "contacts"}),
    "Workflow": lambda: workflow.parse({"module": "contacts"}, "w", MODULES),
    "Form": lambda: form.parse({"module": "contacts"}, MODULES, owner="u"),
    "Template": lambda: read_template({}, "es"),
    "Action": lambda: action.parse({}),
    "ScheduledAction": lambda: scheduled_action.parse({}, NOW.date()),
    "Plan": lambda: plan.parse({}, NOW.date()),
    "CustomField": lambda: custom_field.parse_new({"type": "relation"}, CONTACTS, MODULES, None),
    "Webhook": lambda: webhook.parse({"provider": "sendgrid"}),
    "User": lambda: read_user(MemoryDefinitions(), {}),
    "Group": lambda: read_group({}),
    "DocumentTemplate": lambda: read_document_template({}, "es"),
    "Document": lambda: read_document({}, "u"),
    "MailOrder": lambda: read_order({}),
    "SendOrder": lambda: read_campaign_order(
        MemoryDefinitions(), MemoryRecords(), {}, datetime(2026, 11, 21, tzinfo=UTC)
    ),
}
#: Shown, and so tolerated in a body, but never taken from it.
IGNORED = {"number", "autosync", "retired", "module", "public_id", "params"}


@pytest.mark.parametrize("name", READ)
def test_a_body_has_the_keys_that_are_read(name: str, monkeypatch: MonkeyPatch) -> None:
    read: set[str] = set()
    stock = Reader.raw

    def raw(self: Reader, key: str) -> Any:
        read.update({key} if not self._path else ())
        return stock(self, key)

    def has(self: Reader, key: str) -> bool:
        return raw(self, key) is not None

    monkeypatch.setattr(Reader, "raw", raw)
    monkeypatch.setattr(Reader, "has", has)
    with pytest.raises(InvalidError):
        READ[name]()
    described = set(SCHEMAS.get(f"{name}Body", SCHEMAS[name])["properties"])
    assert described - IGNORED == read - IGNORED


#: By where they are read: the function, or the module of gotero.entry that has its routes.
BODIES = {
    "routes_records.NewRecord": "RecordBody",
    "routes_records.ChangedRecord": "RecordChange",
    "routes_many.Many": "Many",
    "routes_messages.Decided": "Decide",
    "routes_many.Changed": "MassEdit",
    "routes_many.Columns": "Columns",
    "routes_many.Merged": "Merge",
    "routes_linked.Linked": "Linked",
    "routes_person.Erased": "Erase",
    "routes_exchange.NewImport": "NewImport",
    "routes_exchange.Asked": "ImportChoices",
    "routes_exchange.NewExport": "NewExport",
    "routes_segments.Members": "Members",
    "routes_segments.Freed": "Freed",
    "segments_api.Asked": "Asked",
    "segments_api.Turned": "AutoSync",
    "filters_api.Counted": "Asked",
    "routes_templates.Preview": "Preview",
    "routes_templates.Sample": "Sample",
    "routes_templates.TestSend": "TestSend",
    "deliverability_api.LetGo": "LetGo",
    "routes_assignments.Recipients": "Recipients",
    "bodies.RecordRef": "RecordRef",
}


def shapes_below(shape: type[Body]) -> Iterator[type[Body]]:
    for below in shape.__subclasses__():
        yield below
        yield from shapes_below(below)


def test_the_other_bodies_have_the_keys_that_are_read() -> None:
    found = {
        f"{shape.__module__.removesuffix('.app').rpartition('.')[2]}.{shape.__name__}": shape
        for shape in shapes_below(Body)
        if shape.__module__.startswith(("functions.", "gotero.entry."))
    }
    assert found.keys() == BODIES.keys(), "describe it in entry/openapi/shapes.py, and name it here"
    for key, shape in found.items():
        properties = SCHEMAS[BODIES[key]]["properties"]
        assert set(shape.model_fields) == set(properties), key


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Form", FORM),
        ("Workflow", WORKFLOW),
        ("Record", {"values": {"firstname": "Lía", "email": None}}),
        ("ScheduledAction", {"reference": "r", "action_id": "a", "when": {"on": "assignment", "offset": {"days": 10}}}),
    ],
)
def test_what_is_taken_fits_its_schema(name: str, body: dict[str, Any]) -> None:
    schema = {"$ref": f"#/components/schemas/{name}Body", "components": DOCUMENT["components"]}
    assert [error.message for error in Draft202012Validator(schema).iter_errors(body)] == []
    assert [*Draft202012Validator(schema).iter_errors({**body, "unknown": 1})]
