"""Requests of the public edge: links in mails, followed by people, mail programs and scanners."""

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, quote

import gotero.adapters.aws.clients  # noqa: F401  # while Lambda starts a function it has a whole processor: boto3 needs it
from gotero.domain import catalogue, instant
from gotero.domain.visit import Visit
from gotero.entry import pages, strict_json
from gotero.entry.invocation import must_be_request
from gotero.entry.observability import log_failure
from gotero.entry.settings import optional
from gotero.ports import Clock, Signer

Json = dict[str, Any]
BODY_LIMIT = 256 * 1024
_FIELD_LIMIT = 50
#: Everything that may stand in a header as it is.
_AS_IT_IS = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True)
class PublicRequest:
    """What a public function reads of an HTTP API event."""

    event: Json

    @property
    def method(self) -> str:
        return str(self.event["requestContext"]["http"]["method"])

    @property
    def path(self) -> str:
        return str(self.event["rawPath"])

    @property
    def id(self) -> str:
        return str(self.event["requestContext"]["requestId"])

    @property
    def ip(self) -> str:
        return str(self.event["requestContext"]["http"].get("sourceIp", ""))

    def parameter(self, name: str) -> str:
        """A part of the path."""
        return str((self.event.get("pathParameters") or {}).get(name, ""))

    @property
    def token(self) -> str:
        return self.parameter("token")

    @property
    def wants_json(self) -> bool:
        return "application/json" in self.header("accept").lower()

    @property
    def language(self) -> catalogue.Language:
        return catalogue.language_of(self.header("accept-language"))

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """By their names in lower case."""
        return {name.lower(): value for name, value in (self.event.get("headers") or {}).items()}

    def header(self, name: str) -> str:
        return self.headers.get(name, "")

    def body(self) -> bytes:
        text = self.event.get("body") or ""
        try:
            return b64decode(text, validate=True) if self.event.get("isBase64Encoded") else text.encode()
        except (Base64Error, UnicodeEncodeError):
            return b""

    def fields(self) -> dict[str, str]:
        """The fields of a posted form, urlencoded or multipart; empty for a body that is no form."""
        content_type = self.header("content-type").lower()
        if content_type.startswith("multipart/form-data"):
            return _multipart(self.header("content-type"), self.body())
        if content_type.startswith("application/json"):
            return _json_fields(self.body())
        try:
            return dict(parse_qsl(self.body().decode(), keep_blank_values=True, max_num_fields=_FIELD_LIMIT))
        except ValueError:
            return {}


def _json_fields(body: bytes) -> dict[str, str]:
    """The texts of a flat JSON object; anything else is not a form's."""
    try:
        data = strict_json.read(body)
    except ValueError:
        return {}
    items = list(data.items())[:_FIELD_LIMIT] if isinstance(data, dict) else []
    return {name: value for name, value in items if isinstance(value, str)}


def _multipart(content_type: str, body: bytes) -> dict[str, str]:
    from email import message_from_bytes  # rare, and dear to import

    message = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    if not message.is_multipart():
        return {}
    fields: dict[str, str] = {}
    for part in list(message.walk())[1 : _FIELD_LIMIT + 1]:
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(value, bytes):
            fields[name] = value.decode(errors="replace").strip()
    return fields


def location(url: str) -> str:
    """`url` as a header takes it: byte for byte, and what is beyond ASCII as browsers write it themselves."""
    return quote(url, safe=_AS_IT_IS)


def public_url(request: PublicRequest) -> str:
    """Our own origin: as the template says, else as this request came."""
    return optional("PUBLIC_URL") or f"https://{request.event['requestContext'].get('domainName', '')}"


def visit(request: PublicRequest, signer: Signer, clock: Clock) -> Visit:
    """Who came, as far as we want to know: the address of the network goes through the signer's key."""
    ip_hash = signer.sign("ip", {"ip": request.ip}).rpartition(".")[2] if request.ip else ""
    return Visit(request.id, instant.write(clock.now()), request.header("user-agent"), ip_hash)


def say(request: PublicRequest, status: HTTPStatus, key: str) -> Json:
    """What could not be: a page for people, a problem for programs."""
    if request.wants_json:
        from gotero.entry import problems  # dear to import; only forms are posted by programs, and they have it already

        return problems.problem(
            status, status.phrase.lower().replace(" ", "_"), language=request.language
        ).to_json_answer()
    return pages.page("message.html", request.language, int(status), key=key)


def public(answer: Callable[[PublicRequest], Json]) -> Callable[[Json, object], Json]:
    """A Lambda handler: whatever happens, the visitor gets an answer and the log gets no personal data."""

    def handler(event: Json, _context: object) -> Json:
        must_be_request(event)
        request = PublicRequest(event)
        try:
            if len(event.get("body") or "") > BODY_LIMIT * 4 // 3:
                response = say(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
            else:
                response = answer(request)
        except Exception as error:
            log_failure("request failed", error)
            response = say(request, HTTPStatus.INTERNAL_SERVER_ERROR, "error")
        # The headers of a HEAD answer are those of GET; its body is empty.
        return {**response, "body": "", "isBase64Encoded": False} if request.method == "HEAD" else response

    return handler
