"""A test mail to somebody of the house: through the ledger like every other, without a list to unsubscribe from."""

from gotero.domain.document import NOTHING, Enclosed
from gotero.domain.enclosure import ANYTHING
from gotero.domain.errors import FieldError, InvalidError, NotFoundError
from gotero.domain.message import Mailing, Message, MessageKey
from gotero.domain.record import Cause, Ref
from gotero.domain.sender_identity import COMPANY
from gotero.domain.user import User
from gotero.domain.validation import address
from gotero.services.enclose import brought_by, enclosed_errors
from gotero.services.plan_message import TEMPLATES, MailPlanner, put_message


def send_test(
    planner: MailPlanner,
    template_id: str,
    user: User,
    *,
    source_id: str,
    to: str | None = None,
    about: Ref | None = None,
    enclosed: Enclosed = NOTHING,
) -> Message:
    """The message, on its way to `to` or to the user. Its merge tags read the record `about`, or an invented person.

    `enclosed` is what the send that is tried out would have along, beside what the template itself brings.
    """
    template = planner.definitions.get(TEMPLATES, template_id)
    if template is None:
        raise NotFoundError(f"{TEMPLATES} {template_id}")
    target = address.parse((to or user.email).strip())
    if target is None:
        raise InvalidError(FieldError("to", "email"))
    if about and planner.records.get(about) is None:
        raise InvalidError(FieldError("record", "not_found"))
    # What a document is about and the test is not, is invented.
    if errors := enclosed_errors(planner.definitions, enclosed, ANYTHING, brought_by(template)):
        raise InvalidError(*errors)
    mailing = Mailing(
        template_id=template_id,
        template_name=template.data["name"],
        message_class="transactional",
        sender=COMPANY,
        address=target.wire,
        subject=about,
        enclosed=enclosed,
    )
    reason = "suppressed" if planner.suppressions.get_many([target.key]) else ""
    # The parts of a message id are divided by hyphens, and the ids that Cognito gives to users have some.
    key = MessageKey(Ref("users", user.id.replace("-", "")), "test", source_id)
    return put_message(planner, key, mailing, user.id, reason, Cause("user", user.id))
