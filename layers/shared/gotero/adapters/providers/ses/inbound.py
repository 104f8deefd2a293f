"""Mail that comes in through SES: a receipt rule whose SNS action tells our topic, or one that a webhook trusts.

Only one kind of mail is read: what a mail program sends for its reader to the `mailto:` of List-Unsubscribe. Its
subject carries the token of that mail; who sent it is not asked, as nobody asks who follows the link.
"""

import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
#: What the subject begins with; the token follows (domain/mail_links.py).
WORD = "unsubscribe"
_SUBJECT = re.compile(rf"\s*{WORD}\s+([A-Za-z0-9_-]{{8,4000}}\.[A-Za-z0-9_-]{{8,64}})\s*", re.ASCII | re.IGNORECASE)


def is_inbound(body: Json) -> bool:
    return body.get("notificationType") == "Received" and isinstance(body.get("mail"), dict)


def tokens(body: Json) -> list[str]:
    """The tokens that the mail asks to unsubscribe by: none, or one."""
    found = (match[1] for subject in _subjects(body) if (match := _SUBJECT.fullmatch(subject)))
    return list(dict.fromkeys(found))


def _subjects(body: Json) -> Iterator[str]:
    common = body["mail"].get("commonHeaders")
    subject = common.get("subject") if isinstance(common, dict) else None
    # Folding may have left a line break in a long subject; a token has no white space.
    if isinstance(subject, str):
        yield " ".join(subject.split())
