"""Makes an administrator of a deployed stack, on AWS as on the laptop: `python -m infra.make.administrator EMAIL`.

The password is read from the standard input, never from the command line, where other users of the machine see it.
"""

import getpass
import os
import sys

import boto3


def stack_environment(stack: str) -> dict[str, str]:
    """The settings that the template gives to every function of the stack."""
    resource = boto3.client("cloudformation").describe_stack_resource(
        StackName=stack, LogicalResourceId="RecordsApiFunction"
    )["StackResourceDetail"]
    configuration = boto3.client("lambda").get_function_configuration(FunctionName=resource["PhysicalResourceId"])
    return configuration.get("Environment", {}).get("Variables", {})


def main() -> None:
    if len(sys.argv) != 2 or "@" not in sys.argv[1]:
        sys.exit("usage: make admin EMAIL=name@company.example")
    os.environ.update(stack_environment(os.environ.get("GOTERO_STACK", "gotero")))
    password = (
        getpass.getpass("password for the new administrator (empty: the address is sent an invitation): ")
        if sys.stdin.isatty()
        else sys.stdin.read()
    )
    from gotero.entry import wiring  # it reads the settings that were just put into the environment

    # Without one, the user pool invites the address and lets its owner choose.
    wiring.create_administrator(sys.argv[1], password.strip() or None)


if __name__ == "__main__":
    main()
