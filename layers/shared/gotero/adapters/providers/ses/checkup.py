"""`MailProvider` on SES, and on the services that its notices and our functions hang on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError

from gotero.domain.doctor.facts import AccountFacts, EventFacts, IdentityFacts, UnansweredError

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient
    from types_boto3_sesv2 import SESV2Client
    from types_boto3_sns import SNSClient

_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation"})
#: What a subscription has in the place of its name until somebody has confirmed it.
_UNCONFIRMED = "PendingConfirmation"


class SesCheckup:
    """One account in one region."""

    def __init__(
        self, mail: "SESV2Client", topics: "SNSClient", functions: "LambdaClient", configuration_set: str
    ) -> None:
        self._mail, self._topics, self._functions = mail, topics, functions
        self._configuration_set = configuration_set

    def account(self) -> AccountFacts:
        with _asked():
            # The plan came in 2026: an older model of the API knows nothing of it.
            told: dict[str, Any] = {**self._mail.get_account()}
        quota = told.get("SendQuota", {})
        return AccountFacts(
            production=bool(told.get("ProductionAccessEnabled")),
            sending=bool(told.get("SendingEnabled")),
            enforcement=str(told.get("EnforcementStatus", "")),
            rate=float(quota.get("MaxSendRate", 0)),
            per_day=float(quota.get("Max24HourSend", 0)),
            sent=float(quota.get("SentLast24Hours", 0)),
            plan=str(told.get("PricingAttributes", {}).get("CurrentPlan", "")),
        )

    def identity(self, domain: str) -> IdentityFacts | None:
        try:
            with _asked():
                told = self._mail.get_email_identity(EmailIdentity=domain)
        except _NotFoundError:
            return None
        dkim = told.get("DkimAttributes", {})
        mail_from = told.get("MailFromAttributes", {})
        status = str(dkim.get("Status", "NOT_STARTED"))
        # Keys that have been found sign nothing while signing is off.
        off = status == "SUCCESS" and not dkim.get("SigningEnabled", False)
        return IdentityFacts(
            verified=bool(told.get("VerifiedForSendingStatus")),
            dkim="NOT_STARTED" if off else status,
            # Of a key of one's own the token is the selector that one chose.
            dkim_tokens=tuple(dkim.get("Tokens", ())) if dkim.get("SigningAttributesOrigin") != "EXTERNAL" else (),
            mail_from=mail_from.get("MailFromDomain", ""),
            mail_from_status=str(mail_from.get("MailFromDomainStatus", "")),
            region=self._mail.meta.region_name,
        )

    def events(self) -> EventFacts:
        with _asked():
            told = self._mail.get_configuration_set_event_destinations(ConfigurationSetName=self._configuration_set)
            kinds: set[str] = set()
            listeners = 0
            for destination in told.get("EventDestinations", []):
                topic = destination.get("SnsDestination", {}).get("TopicArn")
                if topic and destination.get("Enabled"):
                    kinds.update(map(str, destination.get("MatchingEventTypes", ())))
                    found = self._topics.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
                    listeners += sum(1 for each in found if each.get("SubscriptionArn") != _UNCONFIRMED)
        return EventFacts(frozenset(kinds), listeners)

    def concurrency(self) -> int:
        with _asked():
            return int(self._functions.get_account_settings()["AccountLimit"]["ConcurrentExecutions"])


class _NotFoundError(Exception):
    """The provider has never heard of it."""


@contextmanager
def _asked() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "NotFoundException":
            raise _NotFoundError from error
        raise UnansweredError("denied" if code in _DENIED else "failed") from error
    except (ConnectionError, HTTPClientError) as error:
        raise UnansweredError("unreachable") from error
    except BotoCoreError as error:
        raise UnansweredError("failed") from error
