"""A mail as a whole, headers and parts, for those that take it so: SMTP, and SES when something is attached."""

from email import policy
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from textwrap import wrap

from gotero.domain.handover import OutgoingMail
from gotero.domain.sender_identity import one_line
from gotero.domain.validation import address

_WIDTH = 76


def mime(mail: OutgoingMail, extra: tuple[tuple[str, str], ...] = ()) -> bytes:
    """The mail, with `extra` headers.

    The headers are written here: Python's own generator puts whatever is long and has no spaces into encoded words,
    and a List-Unsubscribe of encoded words is one that no mail program reads.
    """
    content = mail.content
    headers = [
        ("From", mailbox(mail.sender.name, mail.sender.address)),
        ("To", wire(mail.to)),
        *([("Reply-To", wire(mail.sender.reply_to))] if mail.sender.reply_to else []),
        ("Subject", _words(one_line(content.subject))),
        *((name, _words(one_line(value))) for name, value in (*content.headers, *extra)),
    ]
    head = "".join(_folded(name, value) for name, value in headers)
    return head.encode("ascii") + _parts(mail).as_bytes()


def _parts(mail: OutgoingMail) -> EmailMessage:
    message = EmailMessage(policy=policy.SMTP)
    message.set_content(mail.content.text, cte="base64")
    message.add_alternative(mail.content.html, subtype="html", cte="base64")
    for attachment in mail.attachments:
        kind, _, subtype = attachment.type.partition("/")
        name = one_line(attachment.name)
        message.add_attachment(attachment.content, maintype=kind, subtype=subtype, filename=name)
    return message


def _folded(name: str, value: str) -> str:
    # The first word stays beside the name, however long: a line of its own would begin the value with a space.
    lines = wrap(value, _WIDTH, initial_indent=f"{name}: ", break_long_words=False, break_on_hyphens=False)
    return "\r\n ".join(lines or [f"{name}: "]) + "\r\n"


def _words(text: str) -> str:
    """What is beyond ASCII as encoded words; so is a text that only looks like one, or it would be read as it."""
    return text if _is_plain(text) else " ".join(Header(text, "utf-8").encode().split())


def _is_plain(text: str) -> bool:
    return text.isascii() and "=?" not in text


def mailbox(name: str, mail_address: str) -> str:
    """`Name <address>` as a header takes it: one line, beyond ASCII as an encoded word, quoted where it must be."""
    name = one_line(name)
    if _is_plain(name):
        return str(Address(name, addr_spec=wire(mail_address)))
    return f"{_words(name)} <{wire(mail_address)}>"


def wire(mail_address: str) -> str:
    """The address with its domain in ASCII; as it stands when it is none, for the provider to refuse."""
    parsed = address.parse(mail_address)
    return parsed.wire if parsed else one_line(mail_address)
