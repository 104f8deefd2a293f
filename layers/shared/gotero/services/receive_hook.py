"""A provider's request at the public edge: verify it, put its events on the queue. Nothing else before the answer."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gotero.domain import instant
from gotero.domain.webhook import Credentials, HookRequest, Received, Refusal, Webhook, bounded
from gotero.ports import Clock, HookProvider, Json, Queue, Secrets
from gotero.services.find_webhook import FindWebhook

#: Ten of these are one batch of SQS; ten times this is far below its limit.
_CHUNK_BYTES = 20_000
#: Refusals that a secret replaced a moment ago would explain.
_OF_SECRETS = frozenset({"authorization", "signature"})


@dataclass(frozen=True, slots=True)
class HookDesk:
    """What receiving a webhook needs."""

    find: FindWebhook
    secrets: Secrets
    queue: Queue
    clock: Clock


def receive_hook(
    desk: HookDesk, provider: HookProvider, name: str, key: str, request: HookRequest
) -> Received | Refusal:
    """What was put on the queue, or why nothing was."""
    webhook = desk.find(name, key)
    if webhook is None:
        return Refusal("unknown_key")
    now = desk.clock.now()
    answer = provider.receive(request, _credentials(desk.secrets, webhook), now)
    if isinstance(answer, Refusal) and answer.reason in _OF_SECRETS:
        answer = provider.receive(request, _credentials(desk.secrets, webhook, anew=True), now)
    if isinstance(answer, Received):
        answer = replace(answer, events=tuple(bounded(event) for event in answer.events))
        body: Json = {"type": "provider", "provider": name, "at": instant.write(now)}
        desk.queue.put({**body, "events": chunk} for chunk in _chunks(answer.events))
    return answer


def _credentials(secrets: Secrets, webhook: Webhook, *, anew: bool = False) -> Credentials:
    def values(references: Sequence[str]) -> tuple[str, ...] | None:
        if not references:
            return None
        return tuple(value for reference in references for value in secrets.values(reference, anew=anew))

    return Credentials(values(webhook.authorization), values(webhook.signing), webhook.topics)


def _chunks(events: Sequence[Json]) -> Iterator[list[Json]]:
    """The events in as few queue messages as fit; one that is large goes alone."""
    chunk: list[Json] = []
    size = 0
    for event in events:
        length = len(json.dumps(event, ensure_ascii=False).encode(errors="surrogatepass"))
        if chunk and size + length > _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
        chunk.append(event)
        size += length
    if chunk:
        yield chunk
