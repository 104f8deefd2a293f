"""The picture of the resources in the README is the template's: who puts what into which queue, and who starts what."""

import re
from itertools import pairwise
from typing import Any

from tests.contracts.stack_template import PROJECT, functions, of_type

Edges = set[tuple[str, str]]


def drawn() -> Edges:
    """Every arrow of the diagram, by the names of its ends."""
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    diagram = text.split("```mermaid")[1].split("```")[0]
    edges: Edges = set()
    for line in diagram.splitlines():
        # Labels may hold anything; what is left is names, arrows and ampersands.
        bare = re.sub(r'"[^"]*"|\(\[.*?\]\)|\|[^|]*\|', "", line)
        ends = [[re.match(r"\s*(\w+)", name) for name in part.split("&")] for part in re.split(r"-->|==>", bare)]
        for sources, targets in pairwise(ends):
            edges |= {(s.group(1), t.group(1)) for s in sources for t in targets if s and t}
    return edges


def of_the_template() -> Edges:
    """Function -> queue or state machine that it may put something into or start; queue -> function that reads it."""
    targets = {*of_type("AWS::SQS::Queue"), *of_type("AWS::Serverless::StateMachine")}
    edges: Edges = set()
    for name, function in functions().items():
        properties, short = function["Properties"], name.removesuffix("Function")
        read = (
            {e["Properties"]["Queue"]["Fn::GetAtt"][0] for e in properties["Events"].values() if e["Type"] == "SQS"}
            if "Events" in properties
            else set()
        )
        edges |= {(queue, short) for queue in read}
        for policy in properties.get("Policies", ()):
            for statement in policy["Statement"]:
                if {"sqs:SendMessage", "states:StartExecution"} & set(statement["Action"]):
                    # What a worker has no time for goes back to where it came from: that is drawn as the one arrow.
                    edges |= {(short, target) for target in _named(statement["Resource"]) & targets - read}
    return {(a, b) for a, b in edges if not b.endswith("DeadLetters")}


def _named(resources: Any) -> set[str]:
    listed = resources if isinstance(resources, list) else [resources]
    return {
        r.get("Ref") or r["Fn::GetAtt"][0] for r in listed if isinstance(r, dict) and ("Ref" in r or "Fn::GetAtt" in r)
    }


def test_the_picture_shows_every_way_through_queues_and_no_other() -> None:
    boxes = {*of_type("AWS::SQS::Queue"), *of_type("AWS::Serverless::StateMachine")}
    machine = {(a, b) for a, b in drawn() if a in of_type("AWS::Serverless::StateMachine")}
    # What the machine calls stands in its definition (test_template.py); SES reaches its queue through the topic.
    shown = {(a, b) for a, b in drawn() if boxes & {a, b}} - machine - {("SES", "EventsQueue")}
    assert shown == of_the_template()
