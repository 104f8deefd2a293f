"""What may be written into a record: every field in its normal form, or every broken rule at once.

Only the module's declaration decides. What needs the world is handed in: `phone` reads a number as E.164, `exists`
answers whether a related record is there, `is_user` whether a user or group is.
"""

import json
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.modules import Field, Module
from gotero.domain.record import Ref
from gotero.domain.validation import address
from gotero.domain.validation.values import CLEANERS, BrokenRuleError, choices, text

PhoneReader = Callable[[str], str | None]
RecordExists = Callable[[str, str], bool]
IsUser = Callable[[str], bool]

#: A record's values as JSON; a DynamoDB item holds 400 KB, and its other attributes need room.
MAX_BYTES = 300 * 1024
MAX_TAG_LENGTH = 60


def clean(
    module: Module,
    values: Any,
    *,
    partial: bool,
    phone: PhoneReader,
    keep_broken: frozenset[str] = frozenset(),
    exists: RecordExists | None = None,
    is_user: IsUser | None = None,
    system: bool = False,
) -> dict[str, Any]:
    """Normalised values, or InvalidError with one error per broken rule.

    `partial` is a change: only what is given is checked, and None (or an empty text) empties a field. Without it empty
    fields are left out. `keep_broken` names fields whose value is kept as typed where it is not well formed (imports
    keep a broken address). `system` may write fields that are read-only to people.
    """
    cleaned, errors = check(
        module,
        values,
        partial=partial,
        phone=phone,
        keep_broken=keep_broken,
        exists=exists,
        is_user=is_user,
        system=system,
    )
    if errors:
        raise InvalidError(*errors)
    return cleaned


def check(
    module: Module,
    values: Any,
    *,
    partial: bool,
    phone: PhoneReader,
    keep_broken: frozenset[str] = frozenset(),
    exists: RecordExists | None = None,
    is_user: IsUser | None = None,
    system: bool = False,
) -> tuple[dict[str, Any], list[FieldError]]:
    """As `clean`, for a caller that has further errors to add: what could be cleaned, and what broke."""
    if not isinstance(values, Mapping):
        return {}, [FieldError("values", "object")]
    cleaned: dict[str, Any] = {}
    errors: list[FieldError] = []
    for id, raw in values.items():
        field = module.field(id)
        try:
            if field is None:
                raise BrokenRuleError("unknown_field")
            if field.readonly and not system:
                raise BrokenRuleError("readonly")
            value = _clean_one(field, raw, phone, keep=id in keep_broken)
            _check_reference(field, value, exists, is_user)
            cleaned[id] = value
        except BrokenRuleError as broken:
            errors.append(FieldError(f"values.{id[:100]}", broken.rule, broken.values))
    refused = {error.path for error in errors}
    for field in module.fields:
        missing = cleaned.get(field.id) is None and (field.id in values or not partial)
        if field.required and missing and f"values.{field.id}" not in refused:
            errors.append(FieldError(f"values.{field.id}", "required"))
    if not partial:
        cleaned = {id: value for id, value in cleaned.items() if value is not None}
    errors.extend(size_errors(cleaned))
    return cleaned, errors


def _clean_one(field: Field, raw: Any, phone: PhoneReader, *, keep: bool) -> Any:
    if raw is None:
        return None
    if field.type == "phone":
        typed = text(raw, field.length_limit)
        number = phone(typed) if typed else None
        if typed and number is None and not keep:
            raise BrokenRuleError("phone")
        return number or typed
    try:
        return CLEANERS[field.type](field, raw)
    except BrokenRuleError as broken:
        # What is kept as typed still passes the text rules: control characters never reach a header or a page.
        if keep and broken.rule == field.type:
            return text(raw, field.length_limit)
        raise


def _check_reference(field: Field, value: Any, exists: RecordExists | None, is_user: IsUser | None) -> None:
    if value is None:
        return
    if field.type == "relation" and field.relation and exists and not exists(field.relation, value):
        raise BrokenRuleError("relation")
    if field.type == "user" and is_user and not is_user(value):
        raise BrokenRuleError("user")


def clean_tags(raw: Any) -> tuple[str, ...]:
    """The tags of a record: texts, each once, in the order given."""
    try:
        return tuple(choices(raw, frozenset(), MAX_TAG_LENGTH))
    except BrokenRuleError as broken:
        raise InvalidError(FieldError("tags", broken.rule, broken.values)) from None


def size_errors(values: Mapping[str, Any]) -> list[FieldError]:
    """Whether all values of a record together are too large; the error names the largest field."""
    sizes = {id: len(json.dumps(value, ensure_ascii=False).encode("utf-8")) for id, value in values.items()}
    if sum(sizes.values()) <= MAX_BYTES:
        return []
    largest = max(sizes, key=lambda id: sizes[id])
    return [FieldError(f"values.{largest}", "too_large")]


def references(module: Module, values: Mapping[str, Any]) -> dict[str, Ref]:
    """The records that the values point to, by field, for a caller that reads them in one go."""
    pointed: dict[str, Ref] = {}
    for field in module.fields:
        value = values.get(field.id)
        if field.relation and isinstance(value, str) and value:
            pointed[field.id] = Ref(field.relation, value)
    return pointed


def unique_keys(module: Module, values: Mapping[str, Any]) -> dict[str, str]:
    """Field -> what no other record of the module may hold. A broken address (kept by an import) has no key."""
    keys = {}
    for field in module.fields:
        value = values.get(field.id)
        if field.unique and isinstance(value, str) and value:
            key = address.key(value) if field.type == "email" else _text_key(value)
            if key:
                keys[field.id] = key
    return keys


def addresses(module: Module, values: Mapping[str, Any]) -> frozenset[str]:
    """The keys of all e-mail addresses of a record, of whichever field, shared with others or not."""
    typed = (values.get(field.id) for field in module.fields if field.type == "email")
    keys = (address.key(value) for value in typed if isinstance(value, str))
    return frozenset(key for key in keys if key)


def _text_key(value: str) -> str:
    return " ".join(unicodedata.normalize("NFC", value).casefold().split())


__all__ = [
    "MAX_BYTES",
    "addresses",
    "check",
    "clean",
    "clean_tags",
    "references",
    "size_errors",
    "unique_keys",
]
