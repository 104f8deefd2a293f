"""Who sends the mails of a template, and with what beside it: asked when the template comes to bring more along."""

from collections.abc import Iterator
from dataclasses import dataclass

from gotero.domain.document import Enclosed
from gotero.domain.enclosure import ANYTHING, Purpose
from gotero.domain.errors import FieldError
from gotero.domain.job import CAMPAIGN_SEND
from gotero.ports import Definitions, Jobs
from gotero.services.enclose import enclosed_errors
from gotero.services.where_used import unfinished


@dataclass(frozen=True, slots=True)
class Sending:
    """A workflow, an action or a send that is not over: what its mails are about, and what it chose for them."""

    name: str
    purpose: Purpose
    chosen: Enclosed


def refused_by_senders(
    definitions: Definitions, jobs: Jobs | None, template_id: str, brought: Enclosed
) -> list[FieldError]:
    """An error for each that could not send the template any more, were this what it brings."""
    errors = []
    for sending in senders_of(definitions, jobs, template_id):
        found = enclosed_errors(definitions, sending.chosen, sending.purpose, brought)
        if any(error.rule == "template_document_module" for error in found):
            errors.append(FieldError("document_templates", "sent_without_record", (("name", sending.name),)))
        if any(error.rule.startswith("mail_files_too") for error in found):
            path = "documents" if brought.documents else "document_templates"
            errors.append(FieldError(path, "sent_with_more", (("name", sending.name),)))
    return errors


def senders_of(definitions: Definitions, jobs: Jobs | None, template_id: str) -> Iterator[Sending]:
    for workflow in definitions.all("workflows"):
        for task in workflow.data.get("tasks") or ():
            params = task.get("params") or {}
            if task["type"] == "send_mail" and params.get("template_id") == template_id:
                yield Sending(workflow.data["name"], Purpose(workflow.data["module"]), Enclosed.from_json(params))
    for action in definitions.all("actions"):
        if action.data["params"].get("template_id") == template_id:
            yield Sending(action.data["name"], ANYTHING, Enclosed.from_json(action.data["params"]))
    for job in unfinished(jobs) if jobs else ():
        if job.kind == CAMPAIGN_SEND and job.params.get("template_id") == template_id:
            chosen = Enclosed.from_json(job.params.get("enclosed") or {})
            yield Sending(str(job.params.get("name") or job.id), Purpose("campaigns"), chosen)
