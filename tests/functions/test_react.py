"""Streams → AutoSync and workflows: what fails comes again, and stops nothing else."""

from typing import Any

import pytest

from functions.react import app
from gotero.domain.errors import TransientError
from gotero.domain.record import Ref
from gotero.entry import wiring_segments, wiring_workflows
from gotero.services.run_workflows import Workflows
from gotero.services.save_record import create_record
from gotero.services.save_workflow import create_workflow
from tests.unit.services.office import BY_MARC, MARC, Office


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    office = Office()
    template = office.define("templates", {"name": "Hola"})
    task = {"type": "send_mail", "params": {"template_id": template.id}}
    data = {"name": "Responder", "module": "contacts", "trigger": {"on": "create"}, "tasks": [task]}
    create_workflow(office.definer, office.records, office.writer.phones, data, cause=BY_MARC)
    monkeypatch.setattr(wiring_workflows, "tools", lambda: office.tools)
    monkeypatch.setattr(wiring_workflows, "workflows", lambda: Workflows(office.definitions))
    monkeypatch.setattr(wiring_segments, "follower", lambda: None)
    return office


@pytest.mark.parametrize("autosync_fails", [False, True])
def test_workflows_run_whatever_autosync_does(
    office: Office, monkeypatch: pytest.MonkeyPatch, autosync_fails: bool
) -> None:
    def follow(*_: Any) -> None:
        if autosync_fails:
            raise TransientError("throttled")

    monkeypatch.setattr(app, "follow_change", follow)
    ref: Ref = create_record(office.writer, "contacts", {"lastname": "Núñez"}, cause=BY_MARC, owner=MARC).ref
    change = office.changes.pop()
    monkeypatch.setattr(app, "heard_changes", lambda record, *_: [change])
    record: Any = None
    if autosync_fails:
        with pytest.raises(TransientError):
            app.one(record)
    else:
        app.one(record)
    assert [mail[0] for mail in office.mails] == [ref]
