"""The admin API described in OpenAPI 3.1, from the routes and from what the domain declares."""

import re
from collections.abc import Iterable
from http import HTTPStatus

from gotero.domain.modules import Field, Module
from gotero.entry.openapi import shapes
from gotero.entry.openapi.answers import ANSWERS, KEPT, PAGES
from gotero.entry.openapi.bodies import BODIES
from gotero.entry.openapi.parameters import PARAMETERS
from gotero.entry.openapi.routes import ROUTES, Route
from gotero.entry.openapi.shapes import Schema

#: JSON types of field types; a text where nothing is said.
_TYPES: dict[str, Schema] = {
    "integer": shapes.WHOLE,
    "decimal": {"type": "number"},
    "currency": {"type": "number"},
    "percent": {"type": "number"},
    "boolean": shapes.FLAG,
    "date": shapes.DATE,
    "datetime": shapes.INSTANT,
    "multipicklist": shapes.TEXTS,
}
#: Any route may answer these: no token, nothing for this person, not found, at odds, too large, broken rules, a bug of
#: ours, not now.
_PROBLEMS = (401, 403, 404, 409, 413, 422, 500, 503)
#: Bodies of which every key has a default.
OPTIONAL = ("Preview", "Sample", "TestSend", "ImportChoices")


def document(modules: Iterable[Module]) -> Schema:
    paths: dict[str, Schema] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Gotero admin API", "version": "1", "license": {"name": "Apache-2.0"}},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "parameters": dict(PARAMETERS),
            "responses": {"Problem": _response("A problem", "Problem", "application/problem+json")},
            "schemas": _schemas(tuple(modules)),
        },
    }


def _operation(route: Route) -> Schema:
    names = re.findall(r"{(\w+)}", route.path)
    parts = re.sub(r"[^a-z]+", "_", route.path.removeprefix("/v1/").lower()).strip("_")
    operation: Schema = {
        "operationId": f"{route.method.lower()}_{parts}",
        "tags": [route.path.split("/")[2].removesuffix(".json")],
        "summary": route.summary,
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": shapes.TEXT} for name in names),
            *({"$ref": f"#/components/parameters/{name}"} for name in route.takes),
        ],
        "responses": {
            str(route.status): _answer(route),
            **{str(status): {"$ref": "#/components/responses/Problem"} for status in _PROBLEMS},
        },
    }
    if route.body:
        name = f"{route.body}Body" if route.body in shapes.DEFINITIONS or route.body == "Record" else route.body
        content = {"application/json": {"schema": shapes.ref(name)}}
        operation["requestBody"] = {"required": route.body not in OPTIONAL, "content": content}
    return operation


def _answer(route: Route) -> Schema:
    phrase = HTTPStatus(route.status).phrase
    if route.answer == "Pdf":
        return {"description": phrase, "content": {"application/pdf": {"schema": {"type": "string"}}}}
    if route.answer == "Html":
        return {"description": phrase, "content": {"text/html": {"schema": {"type": "string"}}}}
    return _response(phrase, route.answer) if route.answer else {"description": phrase}


def _response(about: str, shape: str, media: str = "application/json") -> Schema:
    return {"description": about, "content": {media: {"schema": shapes.ref(shape)}}}


def _schemas(modules: tuple[Module, ...]) -> Schema:
    schemas: Schema = {**shapes.OTHERS, **BODIES, **ANSWERS}
    for name, shape in shapes.DEFINITIONS.items():
        schemas[f"{name}Body"] = shape
        schemas[f"{name}Change"] = {**shape, "required": []}
        schemas[name] = {"type": "object", "properties": {**shape["properties"], **KEPT}, "required": ["id"]}
    for module in modules:
        schemas[f"{module.id}_values"] = {
            "title": module.label_one.to_json()["en"],
            **shapes.closed(**{field.id: _field(field) for field in module.fields}),
        }
    values = {"anyOf": [shapes.ref(f"{module.id}_values") for module in modules]}
    written = {"owner": shapes.maybe(shapes.TEXT), "tags": shapes.maybe(shapes.TEXTS)}
    schemas["RecordBody"] = shapes.closed("values", values=values, **written)
    schemas["RecordChange"] = shapes.closed(values=shapes.maybe(values), **written)
    kept = {**KEPT, "module": shapes.TEXT, "number": shapes.TEXT, "owner": shapes.TEXT, "tags": shapes.TEXTS}
    schemas["Record"] = {"type": "object", "required": ["id", "values"], "properties": {**kept, "values": values}}
    for page, item in PAGES.items():
        properties = {"items": shapes.many(shapes.ref(item)), "next": shapes.maybe({"type": "string"})}
        fresh = {"as_of": shapes.INSTANT, "exact": shapes.FLAG}
        schemas[page] = {"type": "object", "required": ["items"], "properties": {**properties, **fresh}}
    return schemas


def _field(field: Field) -> Schema:
    """An empty value is null: that clears the field."""
    schema = dict(_TYPES.get(field.type) or {"type": "string", "maxLength": field.length_limit})
    if schema.get("maxLength", 0) is None:
        del schema["maxLength"]
    if field.options and field.type == "picklist":
        schema = shapes.choice(option.value for option in field.options)
    about = {"description": field.label.to_json()["en"], **({"readOnly": True} if field.readonly else {})}
    return {**shapes.maybe(schema), **about}
