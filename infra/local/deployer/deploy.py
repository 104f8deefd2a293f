"""Create or update one stack by a change set, and wait for it."""

import contextlib
import hashlib
import json
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.local.aws import client
from infra.local.deployer.template import packaged

BUCKET = "gotero-local-artifacts"
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
# States in which a stack can only be deleted; what it retains (tables, buckets) stays.
DEAD = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"}
LIMIT_SECONDS = 120


class DeployError(Exception):
    """The stack was not created or updated; the text names the resources and why."""


def deploy(endpoint: str, template: Path, stack: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Deploy and return the stack's outputs. Parameters that the template does not declare are left out."""
    s3, cloudformation = client(endpoint, "s3"), client(endpoint, "cloudformation")
    with contextlib.suppress(ClientError):
        s3.create_bucket(Bucket=BUCKET)

    def upload(content: bytes, suffix: str) -> str:
        key = hashlib.sha256(content).hexdigest()[:32] + suffix
        s3.put_object(Bucket=BUCKET, Key=key, Body=content)
        return f"s3://{BUCKET}/{key}"

    def url_of(uri: str) -> str:
        return f"{endpoint}/{uri.removeprefix('s3://')}"

    try:
        body = packaged(template, upload, url_of)
    except FileNotFoundError as error:
        raise DeployError(str(error)) from error
    declared = body.get("Parameters") or {}
    chosen = [{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items() if k in declared]
    _change(cloudformation, stack, url_of(upload(json.dumps(body).encode(), ".template")), chosen)
    return outputs(endpoint, stack)


def outputs(endpoint: str, stack: str) -> dict[str, str]:
    described = client(endpoint, "cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {entry["OutputKey"]: entry["OutputValue"] for entry in described.get("Outputs", [])}


def resources(endpoint: str, stack: str) -> dict[str, str]:
    """Logical to physical ids."""
    cloudformation = client(endpoint, "cloudformation")
    described = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    return {entry["LogicalResourceId"]: entry.get("PhysicalResourceId", "") for entry in described}


def _change(cloudformation: Any, stack: str, url: str, parameters: list[dict[str, str]]) -> None:
    kind = _kind(cloudformation, stack)
    change_set = f"local-{uuid.uuid4().hex[:12]}"
    try:
        cloudformation.create_change_set(
            StackName=stack,
            ChangeSetName=change_set,
            ChangeSetType=kind,
            TemplateURL=url,
            Capabilities=CAPABILITIES,
            Parameters=parameters,
        )
    except ClientError as error:
        raise DeployError(error.response["Error"]["Message"]) from error
    prepared = _wait(
        lambda: cloudformation.describe_change_set(StackName=stack, ChangeSetName=change_set),
        lambda answer: answer["Status"] in ("CREATE_COMPLETE", "FAILED"),
    )
    if prepared["Status"] == "FAILED":
        reason = prepared.get("StatusReason", "")
        if "didn't contain changes" in reason or "No updates" in reason:
            return
        raise DeployError(reason)
    cloudformation.execute_change_set(StackName=stack, ChangeSetName=change_set)
    done = _wait(
        lambda: cloudformation.describe_stacks(StackName=stack)["Stacks"][0],
        lambda answer: answer["StackStatus"].endswith(("_COMPLETE", "_FAILED")),
    )
    if done["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        raise DeployError(f"{done['StackStatus']}\n{_failures(cloudformation, stack)}")


def _kind(cloudformation: Any, stack: str) -> str:
    try:
        status = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    except ClientError:
        return "CREATE"
    if status == "REVIEW_IN_PROGRESS":
        return "CREATE"
    if status in DEAD:
        cloudformation.delete_stack(StackName=stack)
        return "CREATE"
    return "UPDATE"


def _failures(cloudformation: Any, stack: str) -> str:
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    failed = [event for event in events if "FAILED" in event["ResourceStatus"]]
    return "\n".join(
        f"  {event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason', '')}"
        for event in failed[:20]
    )


def _wait(ask: Any, done: Any) -> dict[str, Any]:
    limit = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < limit:
        answer: dict[str, Any] = ask()
        if done(answer):
            return answer
        time.sleep(0.05)
    raise DeployError(f"no end after {LIMIT_SECONDS} s")
