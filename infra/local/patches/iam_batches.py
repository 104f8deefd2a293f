"""SQS's batch calls need the permission of the single call, as on AWS.

Stock: `core/iam_actions.extract_iam_action` authorizes the operation's own name, so a role that may `sqs:SendMessage`
is refused `SendMessageBatch`. AWS has no such actions: its documentation of each batch call names the single one.
"""

from typing import Any

from ministack.core import iam_actions

from infra.local.emulator import Emulator

_SINGLE = {
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
}


def apply(emulator: Emulator) -> None:
    stock = iam_actions.extract_iam_action

    def extract(*request: Any) -> str | None:
        action: str | None = stock(*request)
        return _SINGLE.get(action or "", action)

    iam_actions.extract_iam_action = extract
