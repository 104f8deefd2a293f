"""A send is authorized on the identity of its From, as on AWS.

Stock: `core/iam_actions.extract_resource_arn` names no resource for SES v2's SendEmail, so a role that may send from
its identities alone, as it should be, may not send at all where IAM is enforced.
"""

import json
from email.utils import parseaddr
from typing import Any

from ministack.core import iam_actions

from infra.local.emulator import Emulator
from infra.local.patches.ses_account import SENDS


def apply(emulator: Emulator) -> None:
    stock = iam_actions.extract_resource_arn

    def extract(
        service: str,
        method: str,
        path: str,
        headers: dict[str, Any],
        body: bytes,
        query_params: dict[str, Any],
        region: str,
        account_id: str,
    ) -> str:
        if service == "ses" and method == "POST" and path.endswith(SENDS) and (domain := _domain(body)):
            return f"arn:aws:ses:{region}:{account_id}:identity/{domain}"
        resource: str = stock(service, method, path, headers, body, query_params, region, account_id)
        return resource

    iam_actions.extract_resource_arn = extract


def _domain(body: bytes) -> str:
    try:
        sender = json.loads(body).get("FromEmailAddress", "")
    except (ValueError, AttributeError):
        return ""
    return parseaddr(sender)[1].rpartition("@")[2].lower()
