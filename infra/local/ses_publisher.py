"""The events that SES publishes about a mail, to the destinations of its configuration set."""

import json
import logging
import uuid
from email.utils import parseaddr
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import eventbridge, ses_v2, sns

from infra.local.emulator import Emulator
from infra.local.outbox import Mail, unsubscribe_subject

SIMULATOR = "simulator.amazonses.com"
MTA = "a1-1.smtp-out.amazonses.com"
# The name in the event, the name in `MatchingEventTypes`, the key of the detail.
TYPES = {
    "Send": ("SEND", "send"),
    "Reject": ("REJECT", "reject"),
    "Delivery": ("DELIVERY", "delivery"),
    "DeliveryDelay": ("DELIVERY_DELAY", "deliveryDelay"),
    "Bounce": ("BOUNCE", "bounce"),
    "Complaint": ("COMPLAINT", "complaint"),
    "Rendering Failure": ("RENDERING_FAILURE", "failure"),
}
#: Kind of bounce -> its subtype, and what a server says then.
_RETURNED = {
    "Permanent": ("General", "smtp; 550 5.1.1 user unknown"),
    "Transient": ("MailboxFull", "smtp; 452 4.2.2 mailbox full"),
}
log = logging.getLogger("gotero.local.ses")


class Publisher:
    def __init__(self, emulator: Emulator) -> None:
        self._outbox = emulator.outbox
        self._account = emulator.account
        self._clock = emulator.clock

    def outcome(self, mail: Mail) -> None:
        """What happens without anybody's doing: delivered, or what a simulator address stands for."""
        try:
            self._publish(mail, "Send", {})
            for address in recipients(mail):
                self._arrive(mail, address)
        except Exception:
            log.exception("events of mail %s", mail["id"])

    def later(self, mail: Mail, event: str, kind: str) -> bool:
        """What somebody asks for on the mailbox page."""
        published = False
        for address in recipients(mail):
            if event == "Bounce":
                subtype, said = _RETURNED["Permanent" if kind == "Permanent" else "Transient"]
                published |= self._bounce(mail, address, kind, subtype, said)
            elif event == "Complaint":
                published |= self._complain(mail, address)
            elif event == "DeliveryDelay":
                published |= self._delay(mail, address)
            elif event == "Delivery":
                published |= self._deliver(mail, address)
        if event == "Received":
            published = self._receive(mail)
        if event in ("Reject", "Rendering Failure"):
            published = self._publish(mail, event, {"reason": "Bad content", "errorMessage": "Bad content"})
        return published

    def _receive(self, mail: Mail) -> bool:
        """The mail that leaves the list, as a receipt rule with an SNS action tells the topic of the events."""
        subject = unsubscribe_subject(mail)
        if subject is None:
            raise ValueError("this mail has no address to unsubscribe by mail")
        headers = {"from": recipients(mail), "subject": subject, "date": self._clock.iso()}
        received = {"timestamp": self._clock.iso(), "source": recipients(mail)[0], "commonHeaders": headers}
        message = {"notificationType": "Received", "mail": received, "receipt": {"action": {"type": "SNS"}}}
        self._outbox.note(mail["id"], "Received", self._clock.iso())
        return self._tell(mail, "DELIVERY", message)

    def _arrive(self, mail: Mail, address: str) -> None:
        local, _, domain = address.lower().partition("@")
        wish = local.split("+")[0] if domain == SIMULATOR else ""
        if self._account.is_suppressed(address) or wish == "suppressionlist":
            subtype = "OnAccountSuppressionList" if self._account.is_suppressed(address) else "Suppressed"
            self._bounce(mail, address, "Permanent", subtype, "the address is on the suppression list")
        elif wish == "bounce":
            self._bounce(mail, address, "Permanent", "General", "smtp; 550 5.1.1 user unknown")
        elif wish == "ooto":
            self._deliver(mail, address)
            self._bounce(mail, address, "Transient", "General", "smtp; out of the office")
        else:
            self._deliver(mail, address)
            if wish == "complaint":
                self._complain(mail, address)

    def _deliver(self, mail: Mail, address: str) -> bool:
        detail = {"processingTimeMillis": 120, "recipients": [address], "smtpResponse": "250 ok", "reportingMTA": MTA}
        return self._publish(mail, "Delivery", {"timestamp": self._clock.iso(), **detail})

    def _delay(self, mail: Mail, address: str) -> bool:
        recipient = {"emailAddress": address, "status": "4.4.1", "diagnosticCode": "smtp; 421 4.4.1 unable to connect"}
        detail = {"delayType": "TransientCommunicationFailure", "delayedRecipients": [recipient]}
        return self._publish(mail, "DeliveryDelay", {"timestamp": self._clock.iso(), **detail})

    def _bounce(self, mail: Mail, address: str, kind: str, subtype: str, diagnostic: str) -> bool:
        status = "5.1.1" if kind == "Permanent" else "4.2.2"
        recipient = {"emailAddress": address, "action": "failed", "status": status, "diagnosticCode": diagnostic}
        if kind == "Permanent" and subtype == "General":
            self._account.suppress(address, "BOUNCE")
        detail = {"bounceType": kind, "bounceSubType": subtype, "bouncedRecipients": [recipient], "reportingMTA": MTA}
        return self._publish(mail, "Bounce", {**detail, **self._feedback()})

    def _complain(self, mail: Mail, address: str) -> bool:
        self._account.suppress(address, "COMPLAINT")
        detail = {"complainedRecipients": [{"emailAddress": address}], "complaintFeedbackType": "abuse"}
        return self._publish(mail, "Complaint", {**detail, "arrivalDate": self._clock.iso(), **self._feedback()})

    def _may_publish(self, topic: str, configuration_set: str) -> bool:
        """Where IAM is enforced, the topic's own policy has to let SES in, as on AWS."""
        account = get_account_id()
        source = f"arn:aws:ses:{get_region()}:{account}:configuration-set/{configuration_set}"
        if sns.topic_policy_allows(topic, "ses.amazonaws.com", source, account):
            return True
        log.warning("the policy of %s does not let SES publish", topic)
        return False

    def _feedback(self) -> dict[str, str]:
        return {"timestamp": self._clock.iso(), "feedbackId": uuid.uuid4().hex}

    def _publish(self, mail: Mail, event: str, detail: dict[str, Any]) -> bool:
        kind, key = TYPES[event]
        self._outbox.note(mail["id"], detail.get("bounceType", "") + event, self._clock.iso())
        return self._tell(mail, kind, {"eventType": event, "mail": _described(mail), key: detail})

    def _tell(self, mail: Mail, kind: str, message: dict[str, Any]) -> bool:
        configuration = ses_v2._config_sets.get(mail["configuration_set"] or "")
        published = False
        for destination in ((configuration or {}).get("EventDestinations") or {}).values():
            if not destination.get("Enabled") or kind not in destination.get("MatchingEventTypes", []):
                continue
            topic = (destination.get("SnsDestination") or {}).get("TopicArn")
            if topic and self._may_publish(topic, mail["configuration_set"]):
                sns.publish_internal(topic, json.dumps(message), "Amazon SES Email Event Notification")
                published = True
            if destination.get("EventBridgeDestination"):
                name = message.get("eventType", message.get("notificationType"))
                entry = {"Source": "aws.ses", "DetailType": f"Email {name}", "Detail": json.dumps(message)}
                eventbridge._put_events({"Entries": [entry]})
                published = True
        return published


def recipients(mail: Mail) -> list[str]:
    return [parseaddr(entry)[1] for entry in mail["to"] + mail["cc"] + mail["bcc"]]


def _described(mail: Mail) -> dict[str, Any]:
    """The `mail` object of an event, as SES documents it."""
    tags = {tag["Name"]: [tag["Value"]] for tag in mail["tags"]}
    tags["ses:configuration-set"] = [mail["configuration_set"]]
    tags["ses:from-domain"] = [parseaddr(mail["from"])[1].rpartition("@")[2]]
    fixed = [("From", mail["from"]), ("To", ", ".join(mail["to"])), ("Subject", mail["subject"])]
    return {
        "timestamp": mail["at"],
        "source": mail["from"],
        "sendingAccountId": get_account_id(),
        "messageId": mail["id"],
        "destination": mail["to"] + mail["cc"] + mail["bcc"],
        "headersTruncated": False,
        "headers": [{"name": name, "value": value} for name, value in fixed]
        + [{"name": header["Name"], "value": header["Value"]} for header in mail["headers"]],
        "commonHeaders": {
            "from": [mail["from"]],
            "to": mail["to"],
            "messageId": mail["id"],
            "subject": mail["subject"],
        },
        "tags": tags,
    }
