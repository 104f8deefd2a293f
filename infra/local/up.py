"""`make up`: the background process, the deployed template, the outputs file and the first administrator."""

import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.local.aws import client
from infra.local.deployer import deploy
from infra.local.deployer.deploy import resources
from infra.local.home import PROJECT, Home, read_json, write_json
from infra.local.ports import Ports
from infra.local.process import Launch, client_environment, start
from infra.local.stack import Stack

STACK = "gotero"
ADMIN_EMAIL = "admin@huertaturia.example"
SENDER_DOMAIN = "huertaturia.example"
Say = Callable[[str], None]


def up(home: Home, launch: Launch | None = None, say: Say = print, template: Path = PROJECT / "template.yaml") -> Stack:
    ports = start(home, launch, say)
    say(f"emulator on {ports.aws_url}, loopback only")
    deploy_template(home, ports, template)
    say(f"{template.name} is deployed")
    ensure_administrator(home)
    return Stack.of(home)


def deploy_template(home: Home, ports: Ports, template: Path) -> None:
    parameters = {
        "PublicUrl": ports.public_url,
        "ConsoleUrl": ports.admin_url,
        "LoginUrl": ports.aws_url,
        "FilesUrl": ports.aws_url,
        "SenderDomain": SENDER_DOMAIN,
    }
    outputs = deploy(ports.aws_url, template, STACK, parameters)
    made = resources(ports.aws_url, STACK)
    write_json(home.doors, {"admin": made["AdminApi"], "public": made["PublicApi"]})
    environment = _function_environment(ports, made)
    kept = read_json(home.outputs)
    write_json(
        home.outputs,
        {
            "api_url": ports.admin_url,
            "public_url": ports.public_url,
            "console_url": f"{ports.admin_url}/console/",
            "mailbox_url": ports.mailbox_url,
            "admin_email": kept.get("admin_email", ADMIN_EMAIL),
            "admin_password": kept.get("admin_password", _password()),
            "aws_endpoint": ports.aws_url,
            "login_url": ports.aws_url,
            "user_pool_id": made["UserPool"],
            "client_id": made["UserPoolClient"],
            "stack": outputs,
            "environment": environment,
            "administrator_exists": kept.get("administrator_exists", False),
        },
    )
    home.outputs.chmod(0o600)


def _function_environment(ports: Ports, made: dict[str, str]) -> dict[str, str]:
    """The names of everything, as the template gives them to every function."""
    name = made["RecordsApiFunction"]
    configuration = client(ports.aws_url, "lambda").get_function_configuration(FunctionName=name)
    return dict(configuration.get("Environment", {}).get("Variables", {}))


def ensure_administrator(home: Home) -> None:
    outputs = read_json(home.outputs)
    if outputs["administrator_exists"]:
        return
    run_administrator(home, outputs)
    write_json(home.outputs, {**outputs, "administrator_exists": True})
    home.outputs.chmod(0o600)


def run_administrator(home: Home, outputs: dict[str, Any]) -> None:
    run_tool(home, "administrator", outputs["admin_email"], typed=outputs["admin_password"]).check_returncode()


def run_tool(home: Home, name: str, *arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    """A tool of infra/make as it is run against AWS.

    In a process of its own: the product reads its settings from the environment, and once.
    """
    ports = Ports(**read_json(home.ports))
    return subprocess.run(
        [sys.executable, "-m", f"infra.make.{name}", *arguments],
        cwd=PROJECT,
        env={
            **client_environment(ports),
            "PATH": "",
            "PYTHONPATH": f"{PROJECT}:{PROJECT / 'layers/shared'}",
            "LANG": "C.UTF-8",
            "GOTERO_STACK": STACK,
        },
        input=typed,
        text=True,
        check=False,
    )


def _password() -> str:
    """Long, and of every kind of character that a user pool may ask for."""
    return f"Gotero-{secrets.token_urlsafe(9)}-1a"
