"""Which adapter answers which port: one cached constructor each. This is the dependency injection.

Adapters are imported where they are built, so that a function loads only what it uses: importing DuckDB, Jinja2 or
an SDK client costs more than most functions' work.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from gotero.adapters.aws.clock import RandomIds, SystemClock
from gotero.entry.settings import setting

if TYPE_CHECKING:
    from gotero.adapters.aws.signer import SecretSigner
    from gotero.adapters.dynamodb.definitions import DynamoDefinitions
    from gotero.adapters.lake import S3Lake
    from gotero.domain.user import User
    from gotero.ports import Definition, IdentityProvider, Memberships, Numbers, Records, Timeline
    from gotero.services.find_user import FindUser
    from gotero.services.project_change import Projection
    from gotero.services.save_record import RecordWriter
    from gotero.services.write_definition import DefinitionWriter

clock = SystemClock()
ids = RandomIds(clock)


# ---------------------------------------------------------------------------------------------------- stores


@lru_cache
def definitions() -> "DynamoDefinitions":
    from gotero.adapters.dynamodb.definitions import DynamoDefinitions

    return DynamoDefinitions()


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

    return DynamoMemberships()


@lru_cache
def timeline() -> "Timeline":
    from gotero.adapters.dynamodb.timeline import DynamoTimeline

    return DynamoTimeline()


@lru_cache
def lake() -> "S3Lake":
    from gotero.adapters.lake import S3Lake
    from gotero.adapters.lake.objects import S3Objects

    return S3Lake(S3Objects(setting("LAKE_BUCKET")), clock)


@lru_cache
def signer() -> "SecretSigner":
    import boto3

    from gotero.adapters.aws.signer import SecretSigner

    return SecretSigner(boto3.client("secretsmanager"), setting("TOKEN_SECRET_ARN"))


@lru_cache
def projection() -> "Projection":
    from gotero.services.project_change import Projection

    return Projection(lake(), timeline(), definitions(), clock)


# ---------------------------------------------------------------------------------------------------- what services take


@lru_cache
def record_writer() -> "RecordWriter":
    from gotero.adapters.phones import PhoneLibrary
    from gotero.services.save_record import RecordWriter

    return RecordWriter(records(), numbers(), definitions(), PhoneLibrary(), clock, ids)


@lru_cache
def definition_writer() -> "DefinitionWriter":
    from gotero.services.write_definition import DefinitionWriter

    return DefinitionWriter(definitions(), clock, ids)


# ---------------------------------------------------------------------------------------------------- people


@lru_cache
def logins() -> "IdentityProvider":
    import boto3

    from gotero.adapters.aws.cognito import CognitoLogins

    return CognitoLogins(boto3.client("cognito-idp"), setting("USER_POOL_ID"))


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
