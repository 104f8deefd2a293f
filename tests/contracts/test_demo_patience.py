"""The demo gives a busy machine time: it waits for what is true, and gives up late."""

import ast

from tests.contracts.stack_template import PROJECT


def test_every_wait_of_the_demo_is_a_patient_one() -> None:
    waits = [
        (path.name, ast.unparse(call.args[1]))
        for path in sorted((PROJECT / "infra/local/demo").glob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "wait_until"
    ]
    assert waits
    assert [wait for wait in waits if wait[1] != "PATIENCE_SECONDS"] == []
