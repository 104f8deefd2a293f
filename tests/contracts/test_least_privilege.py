"""Nobody may ask more of the tables than their code can ask: read from the sources, held against the template."""

from typing import Any

import pytest

from tests.contracts.reach import calls
from tests.contracts.stack_template import PROJECT, functions


def granted(function: dict[str, Any]) -> set[tuple[str, str]]:
    """(table, action) of every statement about a table."""
    return {
        (f"{resource['Fn::GetAtt'][1].split('.')[-1].removesuffix('Arn').upper()}_TABLE", action.split(":")[1])
        for policy in function["Properties"].get("Policies", ())
        for statement in policy["Statement"]
        for action in statement["Action"]
        if action.startswith("dynamodb:")
        for resource in _listed(statement["Resource"])
    }


def _listed(resource: Any) -> list[Any]:
    return resource if isinstance(resource, list) else [resource]


@pytest.mark.parametrize("name", functions())
def test_a_function_may_do_nothing_with_a_table_that_its_code_cannot(name: str) -> None:
    function = functions()[name]
    code = calls(PROJECT / function["Properties"]["CodeUri"] / "app.py")
    assert granted(function) - code == set()


def test_the_reading_of_the_sources_finds_what_is_known() -> None:
    """Where it found too little, a grant that is needed would look like one too many."""
    sender = calls(PROJECT / "functions/send_messages/app.py")
    assert {("MESSAGES_TABLE", "PutItem"), ("JOBS_TABLE", "UpdateItem"), ("WORK_TABLE", "PutItem")} <= sender
    assert ("RECORDS_TABLE", "Scan") not in sender
    assert ("RECORDS_TABLE", "Scan") in calls(PROJECT / "functions/work_jobs/app.py")
    assert calls(PROJECT / "functions/public_tracking/app.py") == set()
