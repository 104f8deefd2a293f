"""The commands behind the Makefile: `python -m infra.local <command>`."""

import argparse
import sys

from infra.local import commands
from infra.local.clock import BackwardsError
from infra.local.deployer import DeployError
from infra.local.ports import PortTaken
from infra.local.process import StartError
from infra.local.stack import NotDeployed, UnknownUser

EXPECTED = (BackwardsError, DeployError, NotDeployed, PortTaken, StartError, UnknownUser, ValueError)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    commands_of = parser.add_subparsers(dest="command", required=True)
    commands_of.add_parser("up", help="start the stack in the background and deploy the template")
    commands_of.add_parser("down", help="stop it; data, clock and ports are kept")
    commands_of.add_parser("deploy", help="deploy the template again to the running stack")
    commands_of.add_parser("status", help="what runs, where, since when")
    logs = commands_of.add_parser("logs", help="what the functions logged, newest last")
    logs.add_argument("--errors", action="store_true", help="only warnings and errors, with their tracebacks")
    token = commands_of.add_parser("token", help="print a fresh access token of the administrator")
    token.add_argument("--user", default="", help="of somebody else: the address or the name, or how one begins")
    redrive = commands_of.add_parser("redrive", help="give what ended in dead letters another try")
    redrive.add_argument("--drop", action="store_true", help="and delete what fails again")
    rebuild = commands_of.add_parser("rebuild", help="make lake and due index anew from the tables")
    rebuild.add_argument("part", nargs="?", choices=["lake", "due"], help="one of them alone")
    demo = commands_of.add_parser("demo", help="up, seed, play the story, stay until Ctrl-C")
    demo.add_argument("--reset", action="store_true", help="throw everything away first")
    demo.add_argument("--leave", action="store_true", help="do not stay: for machines without a terminal")
    clock = commands_of.add_parser("clock", help="show the clock, or move it forward")
    clock.add_argument("--days", type=float, default=0)
    clock.add_argument("--hours", type=float, default=0)
    clock.add_argument("--to", default="", help="an instant, e.g. 2027-01-01T09:00:00Z")
    chosen = parser.parse_args()
    try:
        commands.run(chosen)
    except EXPECTED as error:
        sys.exit(f"{chosen.command}: {error}")


if __name__ == "__main__":
    main()
