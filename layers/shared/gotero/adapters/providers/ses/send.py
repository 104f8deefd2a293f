"""`MailSender` on SES API v2: one call a mail, never two, and every answer told for what it is.

The client must be made with `total_max_attempts=1`: the SDK's own retry of a lost answer is a second mail, without a
trace (`max_attempts=1` still retries once: it counts retries, not tries).
"""

from email.header import Header
from email.headerregistry import Address
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

from gotero.domain.handover import Accepted, Handover, OutgoingMail, Postponed, Refused, Unknown
from gotero.domain.sender_identity import one_line
from gotero.domain.validation import address

if TYPE_CHECKING:
    from types_boto3_sesv2 import SESV2Client

#: The tag that carries our message id; it comes back in every event.
TAG = "gotero_message"
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
    # Our own deployment's fault, and no mail's: a campaign must not be used up by it.
    "AccessDeniedException": "denied",
    "AccessDenied": "denied",
    "ExpiredTokenException": "denied",
    "UnrecognizedClientException": "denied",
}
_SERVER_ERROR = 500


class SesMail:
    """SES, with our configuration set."""

    def __init__(self, client: "SESV2Client", configuration_set: str) -> None:
        self._client = client
        self._configuration_set = configuration_set

    def send(self, mail: OutgoingMail) -> Handover:
        try:
            answer = self._client.send_email(**_request(mail, self._configuration_set))
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
    content = mail.content
    request: dict[str, Any] = {
        "FromEmailAddress": mailbox(mail.sender.name, mail.sender.address),
        "Destination": {"ToAddresses": [mail.to]},
        "Content": {
            "Simple": {
                "Subject": {"Data": one_line(content.subject), "Charset": "UTF-8"},
                "Body": {
                    "Html": {"Data": content.html, "Charset": "UTF-8"},
                    "Text": {"Data": content.text, "Charset": "UTF-8"},
                },
                "Headers": [{"Name": name, "Value": value} for name, value in content.headers],
            }
        },
        "EmailTags": [{"Name": TAG, "Value": mail.message_id}],
        "ConfigurationSetName": configuration_set,
    }
    if mail.sender.reply_to:
        request["ReplyToAddresses"] = [wire(mail.sender.reply_to)]
    return request


def mailbox(name: str, mail_address: str) -> str:
    """`Name <address>` as a header takes it: one line, beyond ASCII as an encoded word, quoted where it must be."""
    name = one_line(name)
    if name.isascii():
        return str(Address(name, addr_spec=wire(mail_address)))
    # Header cuts it into encoded words of the length that the standard allows; SES does the folding.
    encoded = " ".join(Header(name, "utf-8").encode().split())
    return f"{encoded} <{wire(mail_address)}>"


def wire(mail_address: str) -> str:
    """The address with its domain in ASCII; as it stands when it is none, for SES to refuse."""
    parsed = address.parse(mail_address)
    return parsed.wire if parsed else one_line(mail_address)


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
