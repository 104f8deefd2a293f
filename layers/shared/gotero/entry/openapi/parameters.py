"""What routes take besides their path and body: in the query and in headers."""

from collections.abc import Mapping

from gotero.entry.openapi.shapes import LONG, TEXT, Schema, choice


def _query(name: str, schema: Schema, about: str, *, required: bool = False) -> Schema:
    return {"name": name, "in": "query", "required": required, "description": about, "schema": schema}


def _header(name: str, about: str) -> Schema:
    return {"name": name, "in": "header", "required": False, "description": about, "schema": TEXT}


_MOST = {"type": "integer", "minimum": 1, "maximum": 200}
PARAMETERS: Mapping[str, Schema] = {
    parameter["name"]: parameter
    for parameter in (
        _query("limit", _MOST, "How many at most"),
        _query("cursor", LONG, "`next` of the page before"),
        _query("sort", TEXT, "Up to three columns, `-` in front for descending: `-updated_at,lastname`"),
        _query("q", TEXT, "Words; accents and case do not matter", required=True),
        _query("address", TEXT, "An e-mail address", required=True),
        _query("search", TEXT, "Words in the module's search fields, whatever their accents"),
        _query("filter", LONG, "A condition, as JSON"),
        _query("filter_id", TEXT, "A saved filter"),
        _query("bin", choice(("true", "false")), "What lies in the bin instead"),
        _query("letter", TEXT, "Whose name begins with it, accents or not; Ñ is a letter of its own"),
        _query("letters", choice(("true",)), "How many begin with each letter of the index, in place of the records"),
        _query("group", TEXT, "A field: how many there are of each of its values, in place of the records"),
        _query("campaign", TEXT, "Sends of this campaign only"),
        _query("module", TEXT, "Of this module only"),
        _query("status", TEXT, "Those of this status only"),
        _query("counts", choice(("true", "false")), "With the number of members of each, in one answer"),
        _query("at", TEXT, "As of this instant (ISO 8601 with a zone), by the history"),
        _query("recipient", TEXT, "`module/id`", required=True),
        _query("record", TEXT, "`module/id`; somebody invented without it"),
        _query("scheduled_action", TEXT, "Of this scheduled action only"),
        _header("If-Match", "The version that is changed; 409 when there is a newer one"),
        _header("Idempotency-Key", "The same key makes one thing, however often it is sent"),
    )
}
