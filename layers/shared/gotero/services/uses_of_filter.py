"""Where a filter is used: asked before it is changed or deleted, and told to whoever is refused."""

from gotero.domain.errors import InUseError, Use
from gotero.ports import Definitions


def uses_of_filter(definitions: Definitions, id: str) -> list[Use]:
    """The segments that are kept in step with it."""
    return [
        Use("segments", d.id, d.data["name"])
        for d in definitions.all("segments")
        if any(rule.get("filter_id") == id for rule in d.data.get("autosync") or ())
    ]


def refuse_in_use(definitions: Definitions, id: str) -> None:
    """InUseError naming everything that uses it."""
    uses = uses_of_filter(definitions, id)
    if uses:
        raise InUseError(*uses)
