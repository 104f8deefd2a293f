"""Users: one login for an address, however it is spelled."""

import pytest

from gotero.domain.errors import InvalidError
from gotero.services.change_user import change_user
from gotero.services.create_user import create_user
from tests.unit.services.office import BY_MARC, Office


class Logins:
    """An identity provider that tells every spelling apart, as Cognito does."""

    def __init__(self) -> None:
        self.subjects: dict[str, str] = {}

    def create(self, email: str, password: str | None) -> str:
        return self.subjects.setdefault(email, f"subject-{len(self.subjects)}")


SPELLINGS = ("Ana@Bücher.example", "ana@bücher.example", " ANA@xn--bcher-kva.example")


def test_one_address_is_one_login_and_one_user_however_it_is_spelled() -> None:
    office, logins = Office(), Logins()
    made = [
        create_user(office.definer, logins, {"name": "Ana", "email": email, "role": "viewer"}, cause=BY_MARC)
        for email in SPELLINGS
    ]
    assert logins.subjects == {"ana@xn--bcher-kva.example": "subject-0"}
    assert {user.id for user in made} == {"subject-0"}
    assert [d.data["name"] for d in office.definitions.all("users")].count("Ana") == 1


def test_a_user_is_changed_by_any_spelling_and_keeps_that_of_the_login() -> None:
    office = Office()
    office.define("users", {"name": "Ana", "email": "Ana@example.com", "role": "viewer"}, "ana")
    office.define("users", {"name": "Eva", "email": "eva@example.com", "role": "admin"}, "eva")
    for data in ({"role": "marketer"}, {"email": "ANA@example.com", "role": "admin"}):
        changed = change_user(office.definer, "ana", data, cause=BY_MARC, expected_version=None)
        assert (changed.data["role"], changed.data["email"]) == (data["role"], "Ana@example.com")
    with pytest.raises(InvalidError):
        change_user(office.definer, "ana", {"email": "other@example.com"}, cause=BY_MARC, expected_version=None)
