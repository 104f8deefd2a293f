"""The wiring of sending: the ledger, campaigns, and what comes back. The rest of it stands in wiring.py."""

from functools import lru_cache
from typing import TYPE_CHECKING

from gotero.entry import wiring, wiring_mail
from gotero.entry.settings import setting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gotero.adapters.providers.ses.account import SesAccount
    from gotero.domain.message import Message
    from gotero.domain.record import Cause, Ref
    from gotero.ports import Due, Jobs, MailClients, StateMachine, Suppressions
    from gotero.services.brake import BrakeDesk
    from gotero.services.change_message import Ledger
    from gotero.services.compose_mail import Composer
    from gotero.services.examine_mail import Doctor
    from gotero.services.freeze_audience import AudienceFreezer
    from gotero.services.hand_over import SendLine
    from gotero.services.judge_audience import Previewer
    from gotero.services.mirror_suppressions import Mirror
    from gotero.services.record_event import EventIntake, Recorded
    from gotero.services.start_campaign import CampaignStarter
    from gotero.services.suppress import Protector


@lru_cache
def jobs() -> "Jobs":
    from gotero.adapters.dynamodb.jobs import DynamoJobs

    return DynamoJobs()


@lru_cache
def suppressions() -> "Suppressions":
    return wiring.suppressions()


@lru_cache
def ledger() -> "Ledger":
    from gotero.services.change_message import Ledger

    return Ledger(wiring.messages(), jobs())


@lru_cache
def _composer() -> "Composer":
    from gotero.services.compose_mail import Composer

    return Composer(
        wiring.records(),
        wiring.definitions(),
        suppressions(),
        wiring.memberships(),
        wiring_mail.letters(),
        wiring.renderer(),
        wiring.signer(),
        setting("PUBLIC_URL"),
        wiring_mail.encloser(),
    )


@lru_cache
def ses_account() -> "SesAccount":
    from gotero.adapters.aws import clients
    from gotero.adapters.providers.ses.account import SesAccount

    return SesAccount(clients.mail())


@lru_cache
def send_line() -> "SendLine":
    from time import sleep

    from gotero.adapters.dynamodb.pace import DynamoPace
    from gotero.adapters.dynamodb.tallies import DynamoBrakes
    from gotero.services.hand_over import SendLine

    return SendLine(
        ledger(),
        _composer(),
        wiring_mail.routed_mail(),
        wiring.send_queue(),
        wiring.due_index(),
        wiring.clock,
        wiring.ids,
        DynamoPace(ses_account().rate, wiring.clock),
        DynamoBrakes(),
        sleep,
        began=_send_seeds,
        refused=_pass_on,
    )


def _pass_on(job_id: str, refused: "Sequence[Message]") -> None:
    from gotero.services.pass_on_address import pass_on_addresses

    pass_on_addresses(jobs(), wiring.mail_planner(), _composer(), job_id, refused)


def _send_seeds(job_id: str) -> None:
    from gotero.services.send_seeds import send_seeds

    send_seeds(wiring.mail_planner(), jobs(), job_id)


@lru_cache
def event_intake() -> "EventIntake":
    from gotero.services.record_event import EventIntake

    return EventIntake(ledger(), protector(), wiring.definitions(), _heard.append)


#: What the events of this call changed; counted when its batch is through.
_heard: "list[Recorded]" = []


def tally() -> None:
    """Count what the events of this call brought. What cannot be counted is left: events do not come twice for it."""
    from gotero.services.brake import tally_batch

    batch = list(_heard)
    _heard.clear()
    if batch:
        tally_batch(brake_desk(), batch)


@lru_cache
def brake_desk() -> "BrakeDesk":
    from gotero.adapters.aws import clients
    from gotero.adapters.aws.alarms import SnsAlarms
    from gotero.adapters.dynamodb.tallies import DynamoBrakes, DynamoTallies
    from gotero.services.brake import BrakeDesk

    return BrakeDesk(
        DynamoTallies(wiring.clock),
        DynamoBrakes(),
        jobs(),
        wiring.definitions(),
        SnsAlarms(clients.topics(), setting("ALARM_TOPIC_ARN")),
        wiring.clock,
    )


@lru_cache
def doctor() -> "Doctor":
    from gotero.adapters.aws import clients
    from gotero.adapters.dns_texts import DnsTexts
    from gotero.adapters.dynamodb.work import DynamoMarks
    from gotero.adapters.providers.ses.checkup import SesCheckup
    from gotero.adapters.web_pages import TlsPages
    from gotero.services.examine_mail import Doctor

    account = SesCheckup(clients.mail(), clients.topics(), clients.functions(), setting("CONFIGURATION_SET"))
    return Doctor(brake_desk(), account, DnsTexts(), TlsPages(), DynamoMarks(), setting("PUBLIC_URL"))


@lru_cache
def protector() -> "Protector":
    from gotero.services.suppress import Protector

    return Protector(
        suppressions(), wiring.records(), _set_do_not_email, wiring.timeline(), wiring.due_queue(), wiring.clock
    )


@lru_cache
def mirror() -> "Mirror":
    from gotero.adapters.aws import clients
    from gotero.adapters.dynamodb.work import DynamoMarks
    from gotero.adapters.providers.ses.suppressions import SesSuppressions
    from gotero.services.mirror_suppressions import Mirror

    return Mirror(protector(), SesSuppressions(clients.mail()), wiring.due_index(), DynamoMarks())


def _set_do_not_email(ref: "Ref", source: str, cause: "Cause") -> None:
    from gotero.services.opt_out import set_do_not_email

    set_do_not_email(wiring.record_writer(), ref, source, cause)


@lru_cache
def mail_clients() -> "MailClients":
    from gotero.adapters.mail_clients import CrawlerList

    return CrawlerList()


@lru_cache
def audience_freezer() -> "AudienceFreezer":
    from gotero.entry.observability import log_failure
    from gotero.services.freeze_audience import AudienceFreezer

    return AudienceFreezer(
        jobs(),
        wiring.messages(),
        wiring.records(),
        suppressions(),
        wiring.numbers(),
        wiring.lake(),
        wiring.clock,
        wiring.due_index(),
        cut_short=lambda error: log_failure("freezing was cut short", error),
    )


@lru_cache
def campaign_machine() -> "StateMachine":
    from gotero.adapters.aws import clients
    from gotero.adapters.aws.state_machine import StepFunctions

    return StepFunctions(clients.executions(), setting("CAMPAIGN_MACHINE_ARN"))


@lru_cache
def campaign_starter() -> "CampaignStarter":
    from time import sleep

    from gotero.services.start_campaign import CampaignStarter

    return CampaignStarter(
        wiring.records(),
        wiring.definitions(),
        jobs(),
        campaign_machine(),
        wiring.due_index(),
        wiring.clock,
        wiring.ids,
        wiring.lake(),
        sleep,
    )


@lru_cache
def campaign_previewer() -> "Previewer":
    from gotero.adapters.aws import clients
    from gotero.adapters.providers.ses.account import SesAccount
    from gotero.services.judge_audience import Previewer

    rate = SesAccount(clients.mail()).rate
    return Previewer(wiring.records(), wiring.definitions(), suppressions(), wiring.lake(), rate)


def settle(message_id: str) -> None:
    """A message's due item has fired."""
    from gotero.services.settle_message import settle_message

    settle_message(ledger(), wiring.send_queue(), wiring.due_index(), wiring.clock, message_id)


def wake(job_id: str) -> None:
    """A job's due item has fired."""
    from gotero.services.check_job import wake_job

    wake_job(jobs(), campaign_machine(), wiring.due_index(), wiring.clock, job_id)


def send_chunk_now(due: "Due") -> None:
    """The instant of a chunk that was to leave later has come."""
    wiring.send_queue().put([due.payload])
