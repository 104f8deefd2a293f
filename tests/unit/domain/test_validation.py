"""Values in their normal form, or every broken rule at once."""

import json
import string
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gotero.domain import validation
from gotero.domain.catalogue import errors
from gotero.domain.errors import InvalidError
from gotero.domain.modules import MODULES, FieldType, Option
from gotero.domain.modules.declaration import Label
from gotero.domain.record import Ref
from tests.unit.domain.condition_world import a_field, a_module

CONTACTS = MODULES["contacts"]
ACCOUNT = "00000000000000000000000001"


def phone(text: str) -> str | None:
    digits = "".join(c for c in text if c in string.digits)
    return f"+34{digits[-9:]}" if len(digits) >= 9 else None


def clean(values: Any, *, partial: bool = True, module: Any = CONTACTS, **rest: Any) -> dict[str, Any]:
    return validation.clean(module, values, partial=partial, phone=phone, **rest)


def broken(values: Any, **rest: Any) -> dict[str, str]:
    with pytest.raises(InvalidError) as raised:
        clean(values, **rest)
    assert all(e.rule in errors.TEXT["es"] and e.rule in errors.TEXT["en"] for e in raised.value.errors)
    return {e.path: e.rule for e in raised.value.errors}


def one(type: FieldType, raw: Any, **field: Any) -> Any:
    """The normal form of one value of that type."""
    return clean({"x": raw}, module=a_module("m", a_field("x", type, **field)))["x"]


def one_broken(type: FieldType, raw: Any, **field: Any) -> str:
    return broken({"x": raw}, module=a_module("m", a_field("x", type, **field)))["values.x"]


@pytest.mark.parametrize(
    ("type", "raw", "value"),
    [
        ("text", "  Iker \t", "Iker"),
        ("text", "Nu\u0301n\u0303ez", "Núñez"),
        ("text", "   ", None),
        ("text", "\u200b\u2060 \ufeff", None),
        ("text", "\u200fعلي", "\u200fعلي"),
        ("text", "<b>&amp;", "<b>&amp;"),
        ("longtext", "one\r\ntwo\tx", "one\ntwo\tx"),
        ("email", " Iker.Goni+x@BÜCHER.Example ", "Iker.Goni+x@bücher.example"),
        ("email", "a@xn--bcher-kva.example", "a@bücher.example"),
        ("phone", "963 123 456", "+34963123456"),
        ("url", "www.roig.example", "https://www.roig.example"),
        ("url", "http://ñandú.example:8080/a?b=c#d", "http://ñandú.example:8080/a?b=c#d"),
        ("url", "http://localhost:8000/x", "http://localhost:8000/x"),
        ("integer", "007", 7),
        ("integer", -0, 0),
        ("integer", 3.0, 3),
        ("integer", 2**53 - 1, 2**53 - 1),
        ("decimal", "1.50", "1.5"),
        ("decimal", 1e-07, "0.0000001"),
        ("decimal", 100, "100"),
        ("decimal", "-0.0", "0"),
        ("decimal", "1e3", "1000"),
        ("currency", "12.5", "12.50"),
        ("currency", 0.1, "0.10"),
        ("currency", "1.005", "1.01"),
        ("currency", "-0.001", "0.00"),
        ("percent", "99.90", "99.9"),
        ("boolean", True, True),
        ("boolean", "on", True),
        ("boolean", "No", False),
        ("boolean", "", None),
        ("boolean", 1, True),
        ("date", "1988-02-29", "1988-02-29"),
        ("datetime", "2026-11-21T22:30:00+01:00", "2026-11-21T21:30:00.000Z"),
        ("datetime", "2026-11-21T21:30:00.123456Z", "2026-11-21T21:30:00.123Z"),
        ("time", "09:30:59", "09:30"),
        ("relation", ACCOUNT, ACCOUNT),
        ("user", "u1", "u1"),
    ],
)
def test_every_type_has_one_normal_form(type: FieldType, raw: Any, value: Any) -> None:
    assert one(type, raw) == value
    assert one(type, value) == value, "cleaning twice changes nothing"


@pytest.mark.parametrize(
    ("type", "raw", "rule"),
    [
        ("text", 7, "text"),
        ("text", ["a"], "text"),
        ("text", {"a": 1}, "text"),
        ("text", "a\x00b", "control_characters"),
        ("text", "a\r\nBcc: x@y.example", "control_characters"),
        ("text", "a\u2028b", "control_characters"),
        ("text", "\ud800", "unicode"),
        ("text", "x" * 256, "too_long"),
        ("longtext", "a\x07", "control_characters"),
        ("longtext", "x" * 30_001, "too_long"),
        ("email", "not an address", "email"),
        ("email", "ñandú@example.com", "email"),
        ("email", "a@b.example\nBcc: c@d.example", "control_characters"),
        ("phone", "12", "phone"),
        ("url", "javascript:alert(1)", "url"),
        ("url", "JavaScript://x.example/%0aalert(1)", "url"),
        ("url", "ftp://x.example", "url"),
        ("url", "http://", "url"),
        ("url", "http://user:pw@x.example", "url"),
        ("url", "http://x.example:99999", "url"),
        ("url", "http://exa mple.example", "url"),
        ("url", "nonsense", "url"),
        ("url", "http://exam\u202eple.example", "url"),
        ("url", "http://[::1]]", "url"),
        ("integer", "1.5", "integer"),
        ("integer", 1.5, "integer"),
        ("integer", True, "integer"),
        ("integer", 2**53, "integer"),
        ("integer", "1_000", "integer"),
        ("integer", "١٢٣", "integer"),
        ("decimal", "1,5", "number"),
        ("decimal", "NaN", "number"),
        ("decimal", float("inf"), "number"),
        ("decimal", "1e400", "number"),
        ("decimal", "1.0000000000000001", "number"),
        ("decimal", [], "number"),
        ("currency", "1e14", "number"),
        ("percent", "100.1", "percent"),
        ("percent", -1, "percent"),
        ("boolean", "perhaps", "boolean"),
        ("boolean", 2, "boolean"),
        ("boolean", [], "boolean"),
        ("date", "2026-02-29", "date"),
        ("date", "21/11/2026", "date"),
        ("date", "20261121", "date"),
        ("date", "2026-W01-1", "date"),
        ("datetime", "2026-11-21T21:30:00", "datetime"),
        ("datetime", "9999-12-31T23:59:59-12:00", "datetime"),
        ("time", "24:00", "time"),
        ("relation", "nope", "id"),
    ],
)
def test_what_does_not_fit_its_type_is_refused(type: FieldType, raw: Any, rule: str) -> None:
    assert one_broken(type, raw) == rule


def test_picklists_take_their_options_only() -> None:
    options = (Option("a", Label("A", "A")), Option("b", Label("B", "B")))
    assert one("picklist", "a", options=options) == "a"
    assert one_broken("picklist", "A", options=options) == "picklist"
    assert one("multipicklist", ["b", "a", "b", ""], options=options) == ["b", "a"]
    assert one("multipicklist", "a", options=options) == ["a"]
    assert one("multipicklist", [], options=options) is None
    assert one_broken("multipicklist", ["c"], options=options) == "picklist"
    assert one_broken("multipicklist", {"a": 1}, options=options) == "list"


@pytest.mark.parametrize("zone", ["Europe/Madrid", "America/Argentina/Buenos_Aires", "UTC"])
def test_a_time_zone_is_one_of_the_iana_names(zone: str) -> None:
    assert clean({"time_zone": zone}) == {"time_zone": zone}


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "Europe", "/etc/localtime", "Madrid/Europe"])
def test_no_other_text_is_a_time_zone(zone: str) -> None:
    assert broken({"time_zone": zone}) == {"values.time_zone": "zone"}


def test_all_broken_rules_are_told_at_once() -> None:
    values = {"email": "x", "nope": 1, "original_leadsource": "Twitter", "birthday": "x", "leadsource": "Myspace"}
    assert broken(values, partial=False) == {
        "values.email": "email",
        "values.nope": "unknown_field",
        "values.original_leadsource": "readonly",
        "values.birthday": "date",
        "values.leadsource": "picklist",
        "values.lastname": "required",
    }


@pytest.mark.parametrize("empty", [None, "", "   "])
def test_a_required_field_cannot_be_emptied(empty: Any) -> None:
    assert broken({"lastname": empty}) == {"values.lastname": "required"}
    assert broken({"lastname": empty}, partial=False) == {"values.lastname": "required"}


def test_a_change_empties_what_it_says_and_leaves_the_rest_alone() -> None:
    assert clean({"city": "", "firstname": None}) == {"city": None, "firstname": None}


def test_a_new_record_holds_no_empty_fields() -> None:
    assert clean({"lastname": "Goñi", "city": "", "phone": None}, partial=False) == {"lastname": "Goñi"}


@pytest.mark.parametrize("values", [None, [], "x", 3])
def test_values_are_an_object(values: Any) -> None:
    assert broken(values) == {"values": "object"}


def test_an_import_keeps_a_broken_address_as_it_was_typed_but_nothing_dangerous() -> None:
    kept = frozenset({"email", "phone"})
    assert clean({"email": " not.an.address@", "phone": "ext 5"}, keep_broken=kept) == {
        "email": "not.an.address@",
        "phone": "ext 5",
    }
    assert broken({"email": "x\nBcc: a@b.example"}, keep_broken=kept) == {"values.email": "control_characters"}


def test_the_system_may_write_what_people_may_not() -> None:
    assert clean({"original_leadsource": "Twitter"}, system=True) == {"original_leadsource": "Twitter"}


def test_related_records_and_users_must_be_there_where_that_is_asked() -> None:
    def exists(module: str, id: str) -> bool:
        return (module, id) == ("accounts", ACCOUNT)

    assert clean({"account": ACCOUNT}, exists=exists) == {"account": ACCOUNT}
    other = ACCOUNT[:-1] + "2"
    assert broken({"account": other}, exists=exists) == {"values.account": "relation"}
    module = a_module("m", a_field("x", "user"))
    assert broken({"x": "u2"}, module=module, is_user=lambda id: id == "u1") == {"values.x": "user"}


def test_a_record_that_is_too_large_names_its_largest_field() -> None:
    module = a_module("m", *(a_field(f"f{i}", "longtext") for i in range(12)))
    values = {f"f{i}": "x" * 29_000 for i in range(12)} | {"f3": "ñ" * 29_000}
    assert broken(values, module=module) == {"values.f3": "too_large"}
    assert len(json.dumps(values)) > validation.MAX_BYTES


def test_unique_values_are_compared_by_what_makes_them_the_same() -> None:
    def key(address: str) -> dict[str, str]:
        return validation.unique_keys(CONTACTS, {"email": address})

    assert key("Iker.Goni@Example.com") == {"email": "iker.goni@example.com"}
    assert key("ikergoni@example.com") != key("iker.goni@example.com"), "dots count"
    assert key("iker+x@example.com") != key("iker@example.com"), "tags count"
    assert key("a@bücher.example") == key("a@xn--bcher-kva.example")
    assert key("not an address") == {}
    assert validation.unique_keys(MODULES["products"], {"code": " Cesta  01"}) == {"code": "cesta 01"}


def test_a_record_is_found_by_all_its_addresses() -> None:
    values = {"email": "A@b.example", "secondaryemail": "c@D.example", "firstname": "x@y.example"}
    assert validation.addresses(CONTACTS, values) == {"a@b.example", "c@d.example"}


def test_the_records_that_values_point_to_are_listed() -> None:
    assert validation.references(CONTACTS, {"account": ACCOUNT, "city": "x"}) == {"account": Ref("accounts", ACCOUNT)}


def test_tags_are_short_texts_once_each() -> None:
    assert validation.clean_tags(["VIP", " VIP ", "x", ""]) == ("VIP", "x")
    for raw in ({"a": 1}, [1], ["x" * 61], ["a\nb"], ["x"] * 101):
        with pytest.raises(InvalidError) as raised:
            validation.clean_tags(raw)
        assert [e.path for e in raised.value.errors] == ["tags"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
FIELDS = tuple(f for module in MODULES.values() for f in module.fields)


@settings(max_examples=300, deadline=None)
@given(field=st.sampled_from(FIELDS), raw=JSON)
def test_any_json_is_cleaned_once_for_all_or_refused(field: Any, raw: Any) -> None:
    module = a_module("m", field)
    try:
        cleaned = clean({field.id: raw}, module=module, system=True)
    except InvalidError as error:
        assert [e.path for e in error.errors] == [f"values.{field.id}"]
        return
    assert clean(cleaned, module=module, system=True) == cleaned
    json.dumps(cleaned, ensure_ascii=False, allow_nan=False).encode()
