"""Who sees which records: a module is everybody's, or private to the owners of its records.

In a private module a user sees what is his, what is his groups', and what is shared with him or them: a share opens the
records of one owner (a user or a group) to another. Administrators see everything. A message is seen by whoever sees
its recipient. Segments, workflows and sends act on all records, and totals count them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from gotero.domain.modules import MODULES
from gotero.domain.record import Ref
from gotero.domain.shape import Reader
from gotero.domain.user import User

Json = dict[str, Any]
#: Fields of a message that name its recipient -> the recipient's module.
_RECIPIENTS: Mapping[str, str] = MappingProxyType({"account": "accounts", "contact": "contacts", "lead": "leads"})


@dataclass(frozen=True, slots=True)
class Share:
    """The records of `owner` in a module, opened to `to`; each of them a user or a group."""

    module: str
    owner: str
    to: str


@dataclass(frozen=True, slots=True)
class Visibility:
    """The company's setting."""

    private: frozenset[str] = frozenset()
    shares: tuple[Share, ...] = ()

    def to_json(self) -> Json:
        shares = [{"module": share.module, "owner": share.owner, "to": share.to} for share in self.shares]
        return {"private": sorted(self.private), "shares": shares}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Visibility":
        return cls(frozenset(data.get("private", ())), tuple(Share(**share) for share in data.get("shares", ())))

    def of(self, user: User) -> "Sight":
        """What this user sees."""
        if user.may_administer():
            return Sight()
        own = {user.id, *user.groups}
        opened = {
            module: frozenset(own | {s.owner for s in self.shares if s.module == module and s.to in own})
            for module in self.private
        }
        return Sight(MappingProxyType(opened))


@dataclass(frozen=True, slots=True)
class Sight:
    """What one user sees: of each private module, the owners whose records he sees; of every other module, all."""

    owners: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def everything(self) -> bool:
        return not self.owners

    def sees(self, ref: Ref, owner: str) -> bool:
        """Whether the record, which belongs to `owner`, is seen."""
        seen = self.owners.get(ref.module)
        return seen is None or owner in seen

    def condition(self, module: str) -> Json | None:
        """What holds of the records of a module that are seen; None where all are."""
        if module == "messages":
            parts = [
                {"any": [{"field": relation, "op": "is_empty"}, _owned(f"{relation}.owner", self.owners[target])]}
                for relation, target in _RECIPIENTS.items()
                if target in self.owners
            ]
            return {"all": parts} if parts else None
        return _owned("owner", self.owners[module]) if module in self.owners else None


def parse(data: Any) -> Visibility:
    """The setting as typed. InvalidError with every broken rule."""
    reader = Reader(data)
    shares = tuple(_share(reader.child("shares", index)) for index in range(len(reader.items("shares"))))
    private = reader.texts("private")
    for index, name in enumerate(private):
        if name not in MODULES:
            reader.wrong(f"private[{index}]", "choice", choices=", ".join(MODULES))
    reader.done()
    return Visibility(frozenset(private), shares)


def _share(reader: Reader) -> Share:
    share = Share(
        reader.choice("module", tuple(MODULES)), reader.text("owner", required=True), reader.text("to", required=True)
    )
    reader.close()
    return share


def _owned(field_path: str, owners: frozenset[str]) -> Json:
    return {"field": field_path, "op": "is_one_of", "value": sorted(owners)}
