"""Who works with the product, and what a role may do."""

from dataclasses import dataclass
from typing import Any, Literal

from gotero.domain.catalogue import Language

Role = Literal["admin", "marketer", "viewer"]
ROLES: tuple[Role, ...] = ("admin", "marketer", "viewer")


@dataclass(frozen=True, slots=True)
class User:
    """A person with a login. Role, groups and `disabled` live here, not in the token: they take effect at once."""

    id: str
    name: str
    email: str
    role: Role
    language: Language = "es"
    groups: tuple[str, ...] = ()
    disabled: bool = False

    def may_write(self) -> bool:
        return self.role in ("admin", "marketer") and not self.disabled

    def may_administer(self) -> bool:
        return self.role == "admin" and not self.disabled

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "email": self.email,
            "role": self.role,
            "language": self.language,
            "groups": list(self.groups),
            "disabled": self.disabled,
        }

    @classmethod
    def from_json(cls, id: str, data: dict[str, Any]) -> "User":
        return cls(
            id,
            data["name"],
            data["email"],
            data["role"],
            data.get("language", "es"),
            tuple(data.get("groups", ())),
            data.get("disabled", False),
        )
