"""`MailSender` on SendGrid's Mail Send API v3: one request a mail, never two, and every answer told for what it is."""

import json
import ssl
from base64 import b64encode
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError

from gotero.adapters.providers.hook_request import VARIABLE
from gotero.adapters.providers.mime import wire
from gotero.domain.handover import Accepted, Handover, OutgoingMail, Postponed, Refused, Unknown
from gotero.domain.sender_identity import one_line
from gotero.domain.transport import Region

_HOSTS: dict[Region, str] = {"global": "https://api.sendgrid.com", "eu": "https://api.eu.sendgrid.com"}
_PATH = "/v3/mail/send"
_LIMIT = 64 * 1024
#: What an answer says about the account and not about the mail. A 5xx says nothing: it may have been taken.
_POSTPONED = {401: "denied", 403: "denied", 429: "throttled"}
#: Our mails carry our own links, pixel and unsubscribe link.
_NO_TRACKING = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
}


class SendGridMail:
    """`keys` are the valid values of the API key, the present one first."""

    def __init__(self, keys: Callable[[], Sequence[str]], region: Region = "global", url: str = "") -> None:
        self._keys = keys
        self._url = (url or _HOSTS[region]) + _PATH

    def send(self, mail: OutgoingMail) -> Handover:
        keys = self._keys()
        if not keys:
            return Postponed("denied")
        headers = {"authorization": f"Bearer {keys[0]}", "content-type": "application/json"}
        body = json.dumps(_request(mail), ensure_ascii=False).encode()
        try:
            # A redirect would be a second request.
            answer = _pool().request(
                "POST", self._url, body=body, headers=headers, redirect=False, preload_content=False
            )
        except (NewConnectionError, ConnectTimeoutError):
            return Postponed("unreachable")
        except SSLError as error:
            # A certificate is judged before anything is said; whatever else breaks may break later.
            before = isinstance(error.args[0], ssl.SSLCertVerificationError)
            return Postponed("unreachable") if before else Unknown("SSLError")
        except HTTPError as error:
            return Unknown(type(error).__name__)
        return _told(answer)


def _told(answer: Any) -> Handover:
    status, id = int(answer.status), str(answer.headers.get("x-message-id", ""))
    try:
        answer.read(_LIMIT)
        answer.release_conn()
    except HTTPError:
        answer.close()  # the status has been said; what is left of the body changes nothing
    if 200 <= status < 300:
        return Accepted(id)
    if status in _POSTPONED:
        return Postponed(_POSTPONED[status])
    # Only the number: what is said beside it quotes addresses, and reasons are shown and exported.
    return Unknown(f"http_{status}") if status >= 500 or status < 200 else Refused(f"http_{status}")


def _request(mail: OutgoingMail) -> dict[str, Any]:
    content, sender = mail.content, mail.sender
    request: dict[str, Any] = {
        "personalizations": [{"to": [{"email": wire(mail.to)}], "custom_args": {VARIABLE: mail.message_id}}],
        "from": {"email": wire(sender.address), "name": one_line(sender.name)},
        "subject": one_line(content.subject),
        "content": [
            {"type": "text/plain", "value": content.text},
            {"type": "text/html", "value": content.html},
        ],
        "tracking_settings": _NO_TRACKING,
    }
    if content.headers:
        request["headers"] = dict(content.headers)
    if sender.reply_to:
        request["reply_to"] = {"email": wire(sender.reply_to)}
    if mail.attachments:
        request["attachments"] = [
            {
                "content": b64encode(attachment.content).decode(),
                "type": attachment.type,
                "filename": attachment.name,
                "disposition": "attachment",
            }
            for attachment in mail.attachments
        ]
    return request


@cache
def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(
        num_pools=4, maxsize=50, timeout=urllib3.Timeout(connect=2, read=5), retries=False, cert_reqs="CERT_REQUIRED"
    )
