"""Which adapter answers which port: one cached constructor each. This is the dependency injection.

Adapters are imported where they are built, so that a function loads only what it uses: importing DuckDB, Jinja2 or
an SDK client costs more than most functions' work.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from gotero.adapters.aws.clock import RandomIds, SystemClock
from gotero.entry.settings import setting

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from gotero.adapters.aws.signer import SecretSigner
    from gotero.adapters.dynamodb.definitions import DynamoDefinitions
    from gotero.adapters.lake.lake import S3Lake
    from gotero.domain.user import User
    from gotero.ports import (
        Definition,
        DueIndex,
        IdentityProvider,
        Memberships,
        Messages,
        Numbers,
        Queue,
        Records,
        Renderer,
        Suppressions,
        Timeline,
    )
    from gotero.services.assign import Drips
    from gotero.services.autosync_rules import Rules
    from gotero.services.declare_fields import Declared
    from gotero.services.find_user import FindUser
    from gotero.services.plan_message import MailPlanner
    from gotero.services.project_change import Projection
    from gotero.services.read_record import Reading
    from gotero.services.save_record import RecordWriter
    from gotero.services.submit_form import Intake
    from gotero.services.write_definition import DefinitionWriter

clock = SystemClock()
ids = RandomIds(clock)


# ---------------------------------------------------------------------------------------------------- stores


@lru_cache
def definitions() -> "DynamoDefinitions":
    from gotero.adapters.dynamodb.definitions import DynamoDefinitions

    return DynamoDefinitions()


@lru_cache
def _declared() -> "Declared":
    from gotero.services.declare_fields import Declared

    return Declared(definitions())


def declare() -> None:
    """All definitions as they are now, and the modules with their fields: the first step of a request or a batch.

    What a batch tells of was written before it.
    """
    definitions().look()
    _declared().refresh()


@lru_cache
def numbers() -> "Numbers":
    from gotero.adapters.dynamodb.definitions import DynamoNumbers

    return DynamoNumbers()


@lru_cache
def records() -> "Records":
    from gotero.adapters.dynamodb.records import DynamoRecords

    return DynamoRecords()


@lru_cache
def memberships() -> "Memberships":
    from gotero.adapters.dynamodb.memberships import DynamoMemberships

    return DynamoMemberships(autosync_rules().uncounted)


@lru_cache
def autosync_rules() -> "Rules":
    from gotero.services.autosync_rules import Rules

    return Rules(definitions(), declare)


@lru_cache
def timeline() -> "Timeline":
    from gotero.adapters.dynamodb.timeline import DynamoTimeline

    return DynamoTimeline()


@lru_cache
def lake() -> "S3Lake":
    from gotero.adapters.lake.lake import S3Lake
    from gotero.adapters.lake.objects import S3Objects

    return S3Lake(S3Objects(setting("LAKE_BUCKET")), clock, _company_zone, uncounted=autosync_rules().uncounted)


def _company_zone() -> "ZoneInfo":
    """In whose days lists and filters count."""
    from zoneinfo import ZoneInfo

    from gotero.domain import company

    settings = definitions().get(company.KIND, company.ID)
    return ZoneInfo(company.Company.from_json(settings.data if settings else {}).zone)


@lru_cache
def signer() -> "SecretSigner":
    from gotero.adapters.aws import clients
    from gotero.adapters.aws.signer import SecretSigner

    return SecretSigner(clients.secrets(), setting("TOKEN_SECRET_ARN"))


@lru_cache
def projection() -> "Projection":
    from gotero.services.project_change import Projection

    return Projection(lake(), timeline(), definitions(), clock)


@lru_cache
def renderer() -> "Renderer":
    from gotero.adapters.rendering.renderer import TemplateRenderer

    return TemplateRenderer()


@lru_cache
def template_compiler() -> "Renderer":
    """For what people have just written: it is compiled in a child process."""
    from gotero.adapters.rendering.isolated import IsolatedRenderer

    return IsolatedRenderer()


# ------------------------------------------------------------------------------------------------ what services take


@lru_cache
def record_writer() -> "RecordWriter":
    from gotero.adapters.phones import PhoneLibrary
    from gotero.services.save_record import RecordWriter

    return RecordWriter(records(), numbers(), definitions(), PhoneLibrary(), clock, ids)


@lru_cache
def form_intake() -> "Intake":
    from gotero.adapters.dynamodb.work import DynamoCounters
    from gotero.services.submit_form import Intake

    return Intake(record_writer(), DynamoCounters(clock))


@lru_cache
def definition_writer() -> "DefinitionWriter":
    from gotero.services.write_definition import DefinitionWriter

    return DefinitionWriter(definitions(), clock, ids)


# ---------------------------------------------------------------------------------------------------- time


@lru_cache
def due_index() -> "DueIndex":
    from gotero.adapters.dynamodb.due_index import DynamoDueIndex

    return DynamoDueIndex()


@lru_cache
def due_queue() -> "Queue":
    from gotero.adapters.aws import clients
    from gotero.adapters.aws.queue import SqsQueue

    return SqsQueue(clients.queues(), setting("DUE_QUEUE_URL"))


@lru_cache
def drips() -> "Drips":
    from gotero.adapters.dynamodb.assignments import DynamoAssignments
    from gotero.services.assign import Drips

    return Drips(DynamoAssignments(), due_index(), due_queue(), definitions(), records(), clock)


@lru_cache
def send_queue() -> "Queue":
    from gotero.adapters.aws import clients
    from gotero.adapters.aws.queue import SendQueues, SqsQueue

    queues = clients.queues()
    # A campaign of twenty thousand chunks leaves room for one of ten that comes after it.
    by_job = SqsQueue(queues, setting("SEND_QUEUE_URL"), lambda body: str(body.get("job", "")))
    return SendQueues(
        SqsQueue(queues, setting("URGENT_QUEUE_URL")), SqsQueue(queues, setting("DRIP_QUEUE_URL")), by_job
    )


@lru_cache
def events_queue() -> "Queue":
    """What becomes of mails: the provider's notices, and our own opens, clicks and unsubscribes."""
    from gotero.adapters.aws import clients
    from gotero.adapters.aws.queue import SqsQueue

    return SqsQueue(clients.queues(), setting("EVENTS_QUEUE_URL"))


@lru_cache
def messages() -> "Messages":
    from gotero.adapters.dynamodb.messages import DynamoMessages

    return DynamoMessages()


@lru_cache
def suppressions() -> "Suppressions":
    from gotero.adapters.aws.secrets import AwsSecrets
    from gotero.adapters.dynamodb.suppressions import DynamoSuppressions

    secrets = AwsSecrets()
    return DynamoSuppressions(lambda: secrets.values(setting("TOKEN_SECRET_ARN")))


@lru_cache
def mail_planner() -> "MailPlanner":
    from gotero.services.message_numbers import MessageNumbers
    from gotero.services.plan_message import MailPlanner

    drawn = MessageNumbers(numbers())
    return MailPlanner(records(), definitions(), messages(), suppressions(), drawn, send_queue(), due_index(), clock)


# ---------------------------------------------------------------------------------------------------- reading


@lru_cache
def reading() -> "Reading":
    from gotero.services.read_record import Reading

    return Reading(records(), messages())


# ---------------------------------------------------------------------------------------------------- people


@lru_cache
def logins() -> "IdentityProvider":
    from gotero.adapters.aws import clients
    from gotero.adapters.aws.cognito import CognitoLogins

    return CognitoLogins(clients.logins(), setting("USER_POOL_ID"))


@lru_cache
def _users() -> "FindUser":
    from gotero.services.find_user import FindUser

    return FindUser(definitions(), clock)


def find_user(subject: str) -> "User | None":
    """Who is behind a token; not cached here, `FindUser` keeps it for seconds."""
    return _users()(subject)


def create_administrator(email: str, password: str | None) -> "Definition":
    """The first user of a new stack, and the settings it starts with."""
    from gotero.services.create_user import create_administrator as create

    return create(definition_writer(), logins(), email, password)
