"""The deployed local stack, as the story and the end-to-end tests hold it: addresses, tokens, clock, mailbox, API."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from infra.local.aws import client
from infra.local.home import Home, read_json
from infra.local.http import Response, request
from infra.local.ports import Ports
from infra.local.process import client_environment

T = TypeVar("T")
#: A laptop may be busy with other things. What is true earlier is not waited for.
PATIENCE_SECONDS = 300
TOKEN_SECONDS = 270  # access tokens live five minutes


class NotDeployed(Exception):
    """There is no local stack to talk to."""


class UnknownUser(Exception):
    """Nobody is called so, or several are."""


class Unexpected(AssertionError):
    """The API answered another status than the caller counts on."""


class ClockClient:
    """The movable clock, from outside the emulator."""

    def __init__(self, aws_url: str) -> None:
        self._url = f"{aws_url}/_local/clock"

    def now(self) -> str:
        return str(self._ask({})["now"])

    def move(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> str:
        """Forward by so much; returns the new instant."""
        passed = days * 86_400 + hours * 3_600 + minutes * 60 + seconds
        return str(self._ask({"seconds": passed})["now"])

    def move_to(self, instant: str) -> str:
        """Forward to an ISO instant, e.g. 2027-01-01T08:00:00Z."""
        ahead = datetime.fromisoformat(instant) - datetime.fromisoformat(self.now())
        return self.move(seconds=ahead.total_seconds())

    def behind(self) -> float:
        """By how many seconds it trails real time; less than nothing when it is ahead."""
        return -float(self._ask({})["offset_seconds"])

    def catch_up(self) -> str:
        """On to real time, from the past."""
        return str(self._ask({"seconds": max(0.0, self.behind())})["now"])

    def _ask(self, body: dict[str, float]) -> dict[str, Any]:
        answer = request("POST", self._url, json_body=body)
        if answer.status != 200:
            raise ValueError(answer.json()["message"])
        return dict(answer.json())


class MailboxClient:
    def __init__(self, url: str) -> None:
        self.url = url

    def messages(self, *, to: str = "", subject: str = "", since: str = "") -> list[dict[str, Any]]:
        """Newest first, without their content."""
        query = urlencode({"to": to, "subject": subject, "since": since})
        return list(request("GET", f"{self.url}/messages?{query}").json()["items"])

    def message(self, message_id: str) -> dict[str, Any]:
        """With html, text, headers, tags, events and unsubscribe_url."""
        return dict(request("GET", f"{self.url}/messages/{message_id}").json())

    def wait_for(
        self, *, to: str, subject: str = "", since: str = "", timeout: float = PATIENCE_SECONDS
    ) -> dict[str, Any]:
        """The newest mail to somebody, once there is one, whole."""
        found = wait_until(lambda: self.messages(to=to, subject=subject, since=since), timeout, f"a mail to {to}")
        return self.message(found[0]["id"])

    def act(self, message_id: str, action: str, **wish: str) -> Response:
        """`bounce` (type="hard" or "soft"), `complaint`, `delay`, `delivery`, `reject`, `unsubscribe`."""
        answer = request("POST", f"{self.url}/messages/{message_id}/{action}", json_body=wish)
        if answer.status != 200:
            raise Unexpected(f"{action}: {answer.status} {answer.text}")
        return answer


@dataclass
class Stack:
    home: Home
    ports: Ports
    outputs: dict[str, Any]  # what stands in .local/outputs.json
    clock: ClockClient
    mailbox: MailboxClient
    _tokens: dict[str, tuple[str, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, home: Home) -> "Stack":
        outputs = read_json(home.outputs)
        if not outputs:
            raise NotDeployed("no local stack; `make up` starts one")
        ports = Ports(**read_json(home.ports))
        return cls(home, ports, outputs, ClockClient(ports.aws_url), MailboxClient(ports.mailbox_url))

    @property
    def api_url(self) -> str:
        return str(self.outputs["api_url"])

    @property
    def public_url(self) -> str:
        return str(self.outputs["public_url"])

    @property
    def console_url(self) -> str:
        return str(self.outputs["console_url"])

    @property
    def environment(self) -> dict[str, str]:
        """What a function of the stack has in its environment, plus how to reach the emulator."""
        return {**self.outputs["environment"], **client_environment(self.ports)}

    def aws(self, service: str) -> Any:
        return client(self.ports.aws_url, service)

    def token(self, email: str | None = None, password: str | None = None) -> str:
        """An access token that is good for some minutes; of the first administrator unless told otherwise."""
        email = email or str(self.outputs["admin_email"])
        kept = self._tokens.get(email)
        if kept and kept[1] > time.monotonic():
            return kept[0]
        answer = self.aws("cognito-idp").initiate_auth(
            ClientId=self.outputs["client_id"],
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": password or self.outputs["admin_password"]},
        )
        token = str(answer["AuthenticationResult"]["AccessToken"])
        self._tokens[email] = (token, time.monotonic() + TOKEN_SECONDS)
        return token

    def token_of(self, who: str) -> str:
        """One of the only user whose address or name begins so; he gets the password that the stack prints.

        Users of the demo were invited and have chosen none yet: nobody reads their mail.
        """
        users = self.api("GET", "/v1/users")["items"]
        begins = who.casefold()
        found = [u["email"] for u in users if u["email"].startswith(begins) or u["name"].casefold().startswith(begins)]
        if len(found) != 1:
            raise UnknownUser(f"{who!r} is {len(found)} of these users: {', '.join(u['email'] for u in users)}")
        self.aws("cognito-idp").admin_set_user_password(
            UserPoolId=self.outputs["user_pool_id"],
            Username=found[0],
            Password=self.outputs["admin_password"],
            Permanent=True,
        )
        return self.token(found[0])

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Response:
        """Any answer of the admin API; `token=""` sends none."""
        sent = dict(headers or {})
        if token != "":
            sent["Authorization"] = f"Bearer {token or self.token()}"
        return request(method, f"{self.api_url}{path}", json_body=body, headers=sent)

    def api(
        self, method: str, path: str, body: Any = None, *, expect: int | tuple[int, ...] = (200, 201, 202, 204)
    ) -> Any:
        """The JSON of an expected answer of the admin API (None if it has no body)."""
        answer = self.call(method, path, body)
        expected = (expect,) if isinstance(expect, int) else expect
        if answer.status not in expected:
            raise Unexpected(f"{method} {path}: {answer.status} {answer.text[:2000]}")
        return answer.json() if answer.body else None

    def wait_for_job(self, job_id: str, timeout: float = PATIENCE_SECONDS) -> dict[str, Any]:
        """The job once it has ended, however it has."""

        def ended() -> dict[str, Any] | None:
            job: dict[str, Any] = self.api("GET", f"/v1/jobs/{job_id}")
            return job if job.get("finished_at") else None

        return wait_until(ended, timeout, f"the end of job {job_id}")


def wait_until(ask: Callable[[], T | None], timeout: float, what: str) -> T:
    """The first answer that is not empty."""
    limit = time.monotonic() + timeout
    while time.monotonic() < limit:
        if found := ask():
            return found
        time.sleep(0.1)
    raise TimeoutError(f"waited {timeout:g} s for {what}")
