"""Where a thing is used: asked before it is changed or deleted, and told to whoever is refused."""

from gotero.domain.errors import InUseError, NotFoundError, Use
from gotero.domain.uses import REFERRERS, TARGETS_ASKED, name_of, referred, required_by
from gotero.ports import Definitions


def uses_of(definitions: Definitions, kind: str, id: str) -> list[Use]:
    """Every definition that names it. NotFoundError for a kind that nothing can name."""
    if kind not in TARGETS_ASKED:
        raise NotFoundError(kind)
    return [
        Use(user, d.id, name_of(d.data))
        for user in REFERRERS
        for d in definitions.all(user)
        if (kind, id) in referred(user, d.data)
    ]


def refuse_in_use(definitions: Definitions, kind: str, id: str) -> None:
    """InUseError naming everything that uses it."""
    uses = uses_of(definitions, kind, id)
    if uses:
        raise InUseError(*uses)


def refuse_missing(definitions: Definitions, module: str, field: str) -> None:
    """InUseError naming whatever makes records of the module without this field: it could make none any more."""
    without = [
        Use(kind, d.id, name_of(d.data))
        for kind in ("forms", "workflows")
        for d in definitions.all(kind)
        if any(made == module and field not in given for made, given in required_by(kind, d.data))
    ]
    if without:
        raise InUseError(*without)
