"""The wiring of mails: who carries them, what single ones have of their own, how one is shown again."""

from functools import lru_cache
from typing import TYPE_CHECKING

from gotero.entry import wiring, wiring_documents
from gotero.entry.settings import setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gotero.domain.transport import Name, Transports
    from gotero.ports import Files, Letters, MailSender
    from gotero.services.enclose import Encloser
    from gotero.services.landing_page import LandingPage
    from gotero.services.resubscribe import Returning
    from gotero.services.route_mail import RoutedMail
    from gotero.services.send_transactional import MailCounter
    from gotero.services.view_message import Viewer


@lru_cache
def letters() -> "Letters":
    from gotero.adapters.lake.objects import S3Objects
    from gotero.adapters.letters import StoredLetters

    return StoredLetters(S3Objects(setting("LAKE_BUCKET")))


@lru_cache
def encloser() -> "Encloser":
    from gotero.services.enclose import Encloser

    return Encloser(wiring.definitions(), _files, wiring_documents.maker)


def _files() -> "Files":
    from gotero.entry import wiring_exchange  # which itself reads what stands here

    return wiring_exchange.files()


@lru_cache
def mail_counter() -> "MailCounter":
    from gotero.services.send_transactional import MailCounter

    return MailCounter(wiring.mail_planner(), letters(), wiring.template_compiler(), wiring.ids)


@lru_cache
def landing_page() -> "LandingPage":
    from gotero.services.landing_page import LandingPage

    return LandingPage(wiring.definitions(), wiring.clock)


def returning() -> "Returning":
    from gotero.services.resubscribe import Returning

    return Returning(
        wiring.mail_planner(),
        letters(),
        wiring.renderer(),
        wiring.signer(),
        wiring.record_writer(),
        wiring.timeline(),
        setting("PUBLIC_URL"),
    )


def viewer() -> "Viewer":
    from gotero.services.view_message import Viewer

    return Viewer(
        wiring.signer(),
        wiring.messages(),
        wiring.records(),
        wiring.definitions(),
        letters(),
        wiring.renderer(),
    )


# ------------------------------------------------------------------------------------------------ who carries mails


@lru_cache
def routed_mail() -> "RoutedMail":
    from gotero.services.route_mail import RoutedMail

    return RoutedMail(wiring.definitions(), wiring.clock, _carriers)


def _carriers(transports: "Transports") -> "Mapping[Name, MailSender]":
    """SES always; the others as the settings describe them."""
    from functools import partial

    from gotero.adapters.aws import clients
    from gotero.adapters.aws.secrets import AwsSecrets
    from gotero.adapters.providers.ses.send import SesMail

    secrets = AwsSecrets()
    found: dict[Name, MailSender] = {"ses": SesMail(clients.mail(), setting("CONFIGURATION_SET"))}
    if transports.sendgrid:
        from gotero.adapters.providers.sendgrid.send import SendGridMail

        key = partial(secrets.values, transports.sendgrid.key)
        found["sendgrid"] = SendGridMail(key, transports.sendgrid.region)
    if transports.smtp:
        from gotero.adapters.providers.smtp.send import SmtpMail

        found["smtp"] = SmtpMail(transports.smtp, partial(secrets.values, transports.smtp.login))
    return found
