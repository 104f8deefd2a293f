"""`MailSender` on SMTP: one connection and one transaction a mail, and every answer told for what it is.

The line between «not taken» and «nobody knows» is the body: before its first byte nothing has been handed over, after
it only the server's own answer tells.
"""

import smtplib
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from time import monotonic

from gotero.adapters.outbound import ForbiddenAddressError, connect
from gotero.adapters.providers.hook_request import VARIABLE
from gotero.adapters.providers.mime import mime, wire
from gotero.domain.handover import Accepted, Handover, OutgoingMail, Postponed, Refused, Unknown
from gotero.domain.transport import Relay, Smtp
from gotero.domain.validation import address

_CONNECT_SECONDS = 2.0
_ANSWER_SECONDS = 4.0
#: A sender leaves its provider less than MARGIN_SECONDS (services/hand_over.py): what has come no further waits.
_PATIENCE_SECONDS = 5.0
_CLOSING = 421
#: Once a recipient is named: the words of a server that lets strangers wait. Others speak of the server itself.
_GREYLISTED = frozenset({450, 451})

#: How each relay's webhook gets our message id back.
_CARRIED: Mapping[Relay, tuple[str, str]] = {
    "ses": ("X-SES-MESSAGE-TAGS", VARIABLE + "={}"),
    "sendgrid": ("X-SMTPAPI", '{{"unique_args": {{"' + VARIABLE + '": "{}"}}}}'),
    "postmark": ("X-PM-Metadata-" + VARIABLE, "{}"),
    "mailgun": ("X-Mailgun-Variables", '{{"' + VARIABLE + '": "{}"}}'),
    "brevo": ("X-Mailin-custom", '{{"' + VARIABLE + '": "{}"}}'),
}


class SmtpMail:
    """`logins` are the valid values of `user:password`, the present one first; `context` is who is trusted."""

    def __init__(
        self, server: Smtp, logins: Callable[[], Sequence[str]], context: ssl.SSLContext | None = None
    ) -> None:
        self._server, self._logins = server, logins
        # It reads all the authorities there are: once, and only where it is needed.
        self._context = context or (ssl.create_default_context() if server.security != "none" else None)

    def send(self, mail: OutgoingMail) -> Handover:
        if address.parse(mail.to) is None or address.parse(mail.sender.address) is None:
            return Refused("ParamValidation")  # it would end the command in which it stands
        try:
            body = mime(mail, _extra(mail, self._server.relay))
        except ValueError:
            return Refused("ParamValidation")  # an address that no header can hold
        connection = _Connection(self._server, self._context, wire(mail.sender.address).rpartition("@")[2])
        try:
            return self._opened(connection) or _transaction(connection, mail, body)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                connection.putcmd("QUIT")
            connection.close()

    def _opened(self, connection: "_Connection") -> Handover | None:
        """Why nothing can be handed over, or None: the server is ready."""
        try:
            code, _ = connection.connect(self._server.host, self._server.port)
            if code != 220:
                return Postponed("throttled" if 400 <= code < 500 else "denied")
            connection.ehlo_or_helo_if_needed()
            if self._server.security == "starttls":
                connection.starttls(context=self._context)
                connection.ehlo_or_helo_if_needed()
            return self._logged_in(connection) if self._server.login else None
        except (ForbiddenAddressError, smtplib.SMTPNotSupportedError):
            return Postponed("denied")
        except (OSError, smtplib.SMTPException):
            return Postponed("unreachable")

    def _logged_in(self, connection: "_Connection") -> Handover | None:
        values = self._logins()
        user, colon, password = (values[0] if values else "").partition(":")
        if not colon:
            return Postponed("denied")
        try:
            connection.login(user, password)
        except smtplib.SMTPAuthenticationError:
            return Postponed("denied")
        return None


class _Connection(smtplib.SMTP):
    """smtplib's, on a connection to an address that has been checked."""

    def __init__(self, server: Smtp, context: ssl.SSLContext | None, name: str) -> None:
        self._private, self._tls = server.private, context if server.security == "tls" else None
        # With a name of its own it does not ask the network who it is.
        super().__init__(local_hostname=name, timeout=_ANSWER_SECONDS)
        #: Each step waits for its answer, and all of them together no longer than this.
        self.deadline = monotonic() + _PATIENCE_SECONDS
        # starttls and the certificate ask whom we meant to reach; the constructor knows nobody yet.
        self._host = server.host

    def getreply(self) -> tuple[int, bytes]:
        left = self.deadline - monotonic()
        if left <= 0:
            raise TimeoutError
        if self.sock is not None:
            self.sock.settimeout(min(left, _ANSWER_SECONDS))
        return super().getreply()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        found = connect(host, port, _CONNECT_SECONDS, private=self._private)
        found.settimeout(timeout)
        return self._tls.wrap_socket(found, server_hostname=host) if self._tls else found


def _transaction(connection: _Connection, mail: OutgoingMail, body: bytes) -> Handover:
    """MAIL, RCPT, DATA: until the body nothing has been taken, and what fails is known to have failed."""
    try:
        code, _ = connection.docmd(f"MAIL FROM:<{wire(mail.sender.address)}>")
        if not 200 <= code < 300:
            return _refused(code)
        code, _ = connection.docmd(f"RCPT TO:<{wire(mail.to)}>")
        if not 200 <= code < 300:
            return _refused(code, alone=True)
        code, _ = connection.docmd("DATA")
        if code != 354:
            return _refused(code, alone=code in _GREYLISTED)
    except (OSError, smtplib.SMTPException):
        return Postponed("unreachable")
    return _handed_over(connection, body)


def _handed_over(connection: _Connection, body: bytes) -> Handover:
    """From here on only an answer tells."""
    # A line that begins with a dot has it doubled; a base64 body has none, a header might.
    stuffed = (b"\r\n" + body).replace(b"\r\n.", b"\r\n..")[2:]
    connection.deadline = monotonic() + _ANSWER_SECONDS
    try:
        connection.send(stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        code, text = connection.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return Unknown(type(error).__name__)
    if 200 <= code < 300:
        return Accepted(text.decode(errors="replace")[:200])
    return _refused(code, alone=code in _GREYLISTED) if 400 <= code < 600 else Unknown(f"smtp_{code}")


def _refused(code: int, *, alone: bool = False) -> Handover:
    """4xx: the server wants it later; `alone` when that is about this recipient, and no other must wait for it."""
    if code == _CLOSING or (400 <= code < 500 and not alone):
        return Postponed("busy")
    # Only the number: what is said beside it quotes addresses, and reasons are shown and exported.
    reason = f"smtp_{code}"
    return Postponed(reason, alone=True) if 400 <= code < 500 else Refused(reason)


def _extra(mail: OutgoingMail, relay: Relay) -> tuple[tuple[str, str], ...]:
    """The id of our message, for whoever looks, and where the relay's webhook gives it back."""
    domain = wire(mail.sender.address).rpartition("@")[2]
    extra = [("Message-ID", f"<{mail.message_id}@{domain}>"), ("X-Gotero-Message", mail.message_id)]
    if relay in _CARRIED:
        name, value = _CARRIED[relay]
        extra.append((name, value.format(mail.message_id)))
    return tuple(extra)
