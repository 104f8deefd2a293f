"""Create and delete the webhooks of mail providers. Secrets are named by reference and never pass through here."""

from typing import Any

from gotero.domain import webhook as rules
from gotero.domain.record import Cause
from gotero.domain.webhook import KIND
from gotero.ports import Definition, Definitions
from gotero.services.write_definition import DefinitionWriter, create_definition, definition_json, get_definition


def create_webhook(writer: DefinitionWriter, data: Any, *, cause: Cause) -> Definition:
    """A new webhook; its id is the key in its address. InvalidError, DuplicateError for a name that another one has."""
    webhook = rules.parse(data)
    return create_definition(writer, KIND, webhook.to_json(), cause=cause, names={"name": webhook.name})


def delete_webhook(definitions: Definitions, id: str) -> None:
    """Nobody is listened to there any more, a minute later at the latest (find_webhook.py)."""
    definitions.delete(KIND, get_definition(definitions, KIND, id).id)


def webhook_json(definition: Definition, public_url: str) -> dict[str, Any]:
    """As the API shows it, with the address to give to the provider."""
    url = f"{public_url}/hooks/{definition.data['provider']}/{definition.id}"
    return {**definition_json(definition), "url": url}
