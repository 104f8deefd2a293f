"""`sam deploy`, and the second step that the first one cannot take: telling the log-in where the console is.

The user pool's client must know the console's address, which is the admin API's, which checks that client's tokens.
CloudFormation cannot close that circle; so a new stack is deployed, and then once more with its own address.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

PROJECT = Path(__file__).resolve().parents[2]
SAM = Path(sys.executable).parent / "sam"


def described(stack: str) -> dict[str, Any]:
    """The stack, or nothing when there is none yet."""
    try:
        return dict(boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0])
    except ClientError:
        return {}


def parameters(stack: dict[str, Any]) -> dict[str, str]:
    return {p["ParameterKey"]: p.get("ParameterValue", "") for p in stack.get("Parameters", ())}


def console_url(stack: dict[str, Any]) -> str:
    """The admin API's own address, when nobody has put another in front of it."""
    outputs = {o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", ())}
    return "" if parameters(stack).get("ConsoleUrl") else outputs.get("AdminUrl", "")


def sam_deploy(name: str, overrides: dict[str, str], arguments: list[str]) -> None:
    given = [f"{key}={value}" for key, value in overrides.items() if value]
    command = [str(SAM), "deploy", "--stack-name", name]
    command += ["--parameter-overrides", *given] if given else []
    subprocess.run([*command, *arguments], cwd=PROJECT, env={**os.environ, "SAM_CLI_TELEMETRY": "0"}, check=True)


def main() -> None:
    name, *given = sys.argv[1:]
    wanted = dict(a.split("=", 1) for a in given if not a.startswith("-"))
    arguments = [a for a in given if a.startswith("-")]
    sam_deploy(name, {**parameters(described(name)), **wanted}, arguments)
    after = described(name)
    if address := console_url(after):
        print(f"the console is at {address}/console/: telling the log-in")
        sam_deploy(name, {**parameters(after), "ConsoleUrl": address}, arguments)


if __name__ == "__main__":
    main()
