"""`MailSender` on SES API v2: one call a mail, never two, and every answer told for what it is.

The client must be made with `total_max_attempts=1`: the SDK's own retry of a lost answer is a second mail, without a
trace (`max_attempts=1` still retries once: it counts retries, not tries).
"""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ProxyConnectionError,
    SSLError,
)
from botocore.parsers import ResponseParserError

from gotero.adapters.providers.hook_request import VARIABLE
from gotero.adapters.providers.mime import mailbox, mime, wire
from gotero.domain.handover import Accepted, Handover, OutgoingMail, Postponed, Refused, Unknown
from gotero.domain.sender_identity import one_line

if TYPE_CHECKING:
    from types_boto3_sesv2 import SESV2Client

#: The tag that carries our message id; it comes back in every event.
TAG = VARIABLE
#: No connection was made, so nothing was handed over.
_NEVER_REACHED = (EndpointConnectionError, ConnectTimeoutError, ProxyConnectionError, SSLError, NoCredentialsError)
#: What SES says about the account and not about the mail -> how it is postponed.
_POSTPONED = {
    "TooManyRequestsException": "throttled",
    "ThrottlingException": "throttled",
    "Throttling": "throttled",
    "LimitExceededException": "quota",
    "SendingPausedException": "paused",
    "AccountSuspendedException": "paused",
    # Our own deployment's fault, or our clock's, and no mail's: a campaign must not be used up by it.
    **dict.fromkeys(
        (
            "AccessDeniedException",
            "AccessDenied",
            "ExpiredTokenException",
            "UnrecognizedClientException",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "RequestTimeTooSkewed",
            "RequestExpired",
            "IncompleteSignature",
            "MissingAuthenticationTokenException",
            "OptInRequired",
            # The configuration set is not there; the domain of MAIL FROM is not verified.
            "NotFoundException",
            "MailFromDomainNotVerifiedException",
        ),
        "denied",
    ),
}
_SERVER_ERROR = 500


class SesMail:
    """SES, with our configuration set."""

    def __init__(self, client: "SESV2Client", configuration_set: str) -> None:
        self._client = client
        self._configuration_set = configuration_set

    def send(self, mail: OutgoingMail) -> Handover:
        try:
            request = _request(mail, self._configuration_set)
        except ValueError:
            return Refused("ParamValidation")  # an address that no header can hold
        try:
            answer = self._client.send_email(**request)
        except ClientError as error:
            return _told(error)
        except _NEVER_REACHED:
            return Postponed("unreachable")
        except ParamValidationError:
            return Refused("ParamValidation")
        except (BotoCoreError, ResponseParserError) as error:
            return Unknown(type(error).__name__)
        return Accepted(answer["MessageId"])


def _request(mail: OutgoingMail, configuration_set: str) -> dict[str, Any]:
    request: dict[str, Any] = {
        "FromEmailAddress": mailbox(mail.sender.name, mail.sender.address),
        "Destination": {"ToAddresses": [mail.to]},
        "Content": _content(mail),
        "EmailTags": [{"Name": TAG, "Value": mail.message_id}],
        "ConfigurationSetName": configuration_set,
    }
    if mail.sender.reply_to:
        request["ReplyToAddresses"] = [wire(mail.sender.reply_to)]
    return request


def _content(mail: OutgoingMail) -> dict[str, Any]:
    """Simple as long as nothing is attached: SES then builds the mail, and a sender's processor does not."""
    content = mail.content
    if mail.attachments:
        return {"Raw": {"Data": mime(mail)}}
    return {
        "Simple": {
            "Subject": {"Data": one_line(content.subject), "Charset": "UTF-8"},
            "Body": {
                "Html": {"Data": content.html, "Charset": "UTF-8"},
                "Text": {"Data": content.text, "Charset": "UTF-8"},
            },
            "Headers": [{"Name": name, "Value": value} for name, value in content.headers],
        }
    }


def _told(error: ClientError) -> Handover:
    """SES answered, and the answer is no."""
    code = error.response["Error"]["Code"]
    message = error.response["Error"].get("Message", "")
    if code in _POSTPONED:
        return Postponed("quota" if "quota" in message.casefold() else _POSTPONED[code])
    if error.response["ResponseMetadata"]["HTTPStatusCode"] >= _SERVER_ERROR:
        return Unknown(code)
    # Only the code: the message of a refusal quotes addresses, and reasons are shown and exported.
    return Refused(code)
