"""Under whose name a mail leaves."""

from dataclasses import dataclass

from gotero.domain.company import Company
from gotero.domain.user import User

#: The owner of the recipient's record, or of the campaign; the company itself; or one user, as `user:<id>`.
RECIPIENT_OWNER = "recipient_owner"
CAMPAIGN_OWNER = "campaign_owner"
COMPANY = "company"
USER_PREFIX = "user:"


@dataclass(frozen=True, slots=True)
class SenderIdentity:
    """The From of a mail, and where answers go when that is somewhere else."""

    name: str
    address: str
    reply_to: str = ""


def sender_user(sender: str, owner: str, campaign_owner: str = "") -> str:
    """The id of the user that the rule `sender` names, or an empty text for the company."""
    if sender.startswith(USER_PREFIX):
        return sender.removeprefix(USER_PREFIX)
    if sender == CAMPAIGN_OWNER:
        return campaign_owner
    return "" if sender == COMPANY else owner


def sender_identity(company: Company, user: User | None) -> SenderIdentity:
    """The user, as far as the provider lets us use their address; else the company, with answers to the user."""
    if user is None or user.disabled:
        return SenderIdentity(one_line(company.name), company.sender)
    if company.may_send_as(user.email):
        return SenderIdentity(one_line(user.name), user.email)
    return SenderIdentity(one_line(user.name or company.name), company.sender, user.email)


def one_line(text: str) -> str:
    """`text` without what could end a header line."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
