"""Who a key belongs to is remembered for a second, and a refusal never."""

from types import SimpleNamespace
from typing import Any

import pytest
from ministack.core import iam_evaluator

from infra.local.patches import iam_principals


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys that stock code was asked for; `gone` is one that it does not know."""
    keys: list[str] = []

    def stock(access_key_id: str, account_id: str, credential: Any = None) -> Any:
        keys.append(access_key_id)
        if access_key_id == "gone":
            return iam_evaluator.AuthError("UnrecognizedClientException", "unknown")
        return iam_evaluator.PrincipalInfo(f"arn:{access_key_id}", "AssumedRole", account_id, [])

    monkeypatch.setattr(iam_evaluator, "resolve_principal", stock)
    return keys


def test_a_principal_is_remembered_for_a_second(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    now = [10.0]
    monkeypatch.setattr(iam_principals, "time", SimpleNamespace(monotonic=lambda: now[0]))
    iam_principals.apply(None)  # type: ignore[arg-type]  # it asks nothing of the emulator
    assert [iam_evaluator.resolve_principal(key, "1").arn for key in ("a", "a", "b")] == ["arn:a", "arn:a", "arn:b"]
    assert asked == ["a", "b"]
    assert iam_evaluator.resolve_principal("a", "2").account == "2"
    now[0] += iam_principals.REMEMBERED_SECONDS
    iam_evaluator.resolve_principal("a", "1")
    assert asked == ["a", "b", "a", "a"]


def test_a_refusal_is_asked_for_again(asked: list[str]) -> None:
    iam_principals.apply(None)  # type: ignore[arg-type]  # as above
    assert all(isinstance(iam_evaluator.resolve_principal("gone", "1"), iam_evaluator.AuthError) for _ in range(2))
    assert asked == ["gone", "gone"]
