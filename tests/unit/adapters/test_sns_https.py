"""What SNS asks us to fetch: from its own hosts, without redirects, and only so much."""

from typing import Any

import pytest
import urllib3

from gotero.adapters.providers.sns import https
from gotero.domain.errors import PermanentError, TransientError

URL = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem"


class Pool:
    """urllib3 as far as it is used."""

    def __init__(self, status: int = 200, error: Exception | None = None) -> None:
        self.status, self.error, self.asked = status, error, list[tuple[str, str, dict[str, Any]]]()

    def request(self, method: str, url: str, **options: Any) -> "Pool":
        self.asked.append((method, url, options))
        if self.error:
            raise self.error
        return self

    def read(self, size: int) -> bytes:
        return (b"x" * 10_000_000)[:size]

    def release_conn(self) -> None:
        pass


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Pool:
    made = Pool()
    monkeypatch.setattr(https, "_pool", lambda: made)
    return made


def test_a_fetch_follows_nothing_and_ends(pool: Pool) -> None:
    assert len(https.certificate(URL)) == 64 * 1024
    [(method, url, options)] = pool.asked
    assert (method, url, options["redirect"]) == ("GET", URL, False)


@pytest.mark.parametrize("url", ["http://sns.eu-west-1.amazonaws.com/x", "https://evil.example/", "", "file:///x"])
def test_nothing_is_asked_of_anybody_else(pool: Pool, url: str) -> None:
    for fetch in (https.certificate, https.confirm):
        with pytest.raises(PermanentError):
            fetch(url)
    assert not pool.asked


@pytest.mark.parametrize("status", [302, 404, 500])
def test_any_other_answer_is_tried_again(pool: Pool, status: int) -> None:
    pool.status = status
    with pytest.raises(TransientError):
        https.confirm(URL)


def test_no_answer_is_tried_again(pool: Pool) -> None:
    pool.error = urllib3.exceptions.ReadTimeoutError(None, URL, "late")  # type: ignore[arg-type]  # no pool in a test
    with pytest.raises(TransientError):
        https.confirm(URL)
