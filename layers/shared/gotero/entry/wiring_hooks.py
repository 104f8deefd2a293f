"""The wiring of providers' webhooks: who verifies what comes in, and who reads it from the queue."""

from functools import lru_cache
from typing import TYPE_CHECKING

from gotero.entry import wiring, wiring_sending

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gotero.ports import HookProvider
    from gotero.services.receive_hook import HookDesk
    from gotero.services.record_provider_events import ProviderIntake


@lru_cache
def providers() -> "Mapping[str, HookProvider]":
    """Every provider that may speak to us, by the name in its webhook's address."""
    from gotero.adapters.providers.brevo.events import BrevoEvents
    from gotero.adapters.providers.mailgun.events import MailgunEvents
    from gotero.adapters.providers.postmark.events import PostmarkEvents
    from gotero.adapters.providers.sendgrid.events import SendGridEvents
    from gotero.adapters.providers.sns import https
    from gotero.adapters.providers.sns.events import SnsEvents
    from gotero.entry.mail_events import unsubscribed_by_mail

    return {
        "brevo": BrevoEvents(),
        "mailgun": MailgunEvents(),
        "postmark": PostmarkEvents(),
        "sendgrid": SendGridEvents(),
        "sns": SnsEvents(https.certificate, unsubscribed_by_mail),
    }


@lru_cache
def hook_desk() -> "HookDesk":
    from gotero.adapters.aws.secrets import AwsSecrets
    from gotero.services.find_webhook import FindWebhook
    from gotero.services.receive_hook import HookDesk

    find = FindWebhook(wiring.definitions(), wiring.clock)
    return HookDesk(find, AwsSecrets(), wiring.events_queue(), wiring.clock)


@lru_cache
def provider_intake() -> "ProviderIntake":
    from gotero.adapters.providers.sns.https import confirm
    from gotero.services.record_provider_events import ProviderIntake

    return ProviderIntake(providers(), wiring_sending.event_intake(), wiring.timeline(), wiring.events_queue(), confirm)
