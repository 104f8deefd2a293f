"""Who a key belongs to, and what its role may do, is remembered for a second.

Stock: `core/iam_evaluator.resolve_principal` is asked twice a request, and parses every policy of the role each time: a
fifth of what a request costs. Each request is still authenticated (`authenticate` checks key, token, time and signature
itself) and judged by every statement. A changed policy counts a second late; on AWS it takes some seconds.
"""

import time
from typing import Any

from ministack.core import iam_evaluator

from infra.local.emulator import Emulator

REMEMBERED_SECONDS = 1.0


def apply(emulator: Emulator) -> None:
    stock = iam_evaluator.resolve_principal
    known: dict[tuple[str, str], tuple[float, Any]] = {}

    def resolve(access_key_id: str, account_id: str, credential: Any = None) -> Any:
        found = known.get((access_key_id, account_id))
        now = time.monotonic()
        if found and now < found[0]:
            return found[1]
        principal = stock(access_key_id, account_id, credential)
        if isinstance(principal, iam_evaluator.PrincipalInfo):
            known[access_key_id, account_id] = (now + REMEMBERED_SECONDS, principal)
        return principal

    iam_evaluator.resolve_principal = resolve
