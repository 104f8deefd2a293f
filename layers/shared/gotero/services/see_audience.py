"""Whom a user may send to: segments are the company's, what he picks himself reaches what he sees."""

from collections.abc import Callable
from dataclasses import replace

from gotero.domain.audience import Audience, FilterPart
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.modules import RECIPIENTS
from gotero.domain.narrowing import narrowed
from gotero.domain.visibility import Sight
from gotero.ports import Json, Records

#: An audience as its author sees it.
SeenBy = Callable[[Audience], Audience]
_ALL: Json = {"all": []}


def as_asked(audience: Audience) -> Audience:
    """By whoever sees everything."""
    return audience


def seen_audience(sight: Sight, records: Records, audience: Audience) -> Audience:
    """Filters, and everybody, without the hidden; InvalidError for a hidden record that was picked by name."""
    if sight.everything:
        return audience
    found = records.get_many(audience.records)
    errors = [
        FieldError(f"audience.records[{index}]", "not_found")
        for index, ref in enumerate(audience.records)
        if ref not in found or not sight.sees(ref, found[ref].owner)
    ]
    if errors:
        raise InvalidError(*errors)
    filters = audience.filters
    everybody = audience.everyone and not sight.owners.keys().isdisjoint(RECIPIENTS)
    if everybody:
        filters = tuple(FilterPart(module, _ALL) for module in RECIPIENTS)
    return replace(
        audience,
        everyone=audience.everyone and not everybody,
        filters=tuple(
            replace(part, condition=narrowed(part.condition, part.module, sight) or _ALL) for part in filters
        ),
    )
