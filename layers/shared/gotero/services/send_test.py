"""A test mail to somebody of the house: through the ledger like every other, without a list to unsubscribe from."""

from gotero.domain.errors import FieldError, InvalidError, NotFoundError
from gotero.domain.message import Mailing, Message, MessageKey
from gotero.domain.record import Cause, Ref
from gotero.domain.sender_identity import COMPANY
from gotero.domain.user import User
from gotero.domain.validation import address
from gotero.services.plan_message import TEMPLATES, MailPlanner, put_message


def send_test(
    planner: MailPlanner,
    template_id: str,
    user: User,
    *,
    source_id: str,
    to: str | None = None,
    about: Ref | None = None,
) -> Message:
    """The message, on its way to `to` or to the user. Its merge tags read the record `about`, or an invented person."""
    template = planner.definitions.get(TEMPLATES, template_id)
    if template is None:
        raise NotFoundError(f"{TEMPLATES} {template_id}")
    target = address.parse((to or user.email).strip())
    if target is None:
        raise InvalidError(FieldError("to", "email"))
    if about and planner.records.get(about) is None:
        raise InvalidError(FieldError("record", "not_found"))
    mailing = Mailing(
        template_id=template_id,
        template_name=template.data["name"],
        message_class="transactional",
        sender=COMPANY,
        address=target.wire,
        subject=about,
    )
    reason = "suppressed" if planner.suppressions.get_many([target.key]) else ""
    # The parts of a message id are divided by hyphens, and the ids that Cognito gives to users have some.
    key = MessageKey(Ref("users", user.id.replace("-", "")), "test", source_id)
    return put_message(planner, key, mailing, user.id, reason, Cause("user", user.id))
