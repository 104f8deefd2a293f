"""Every route of the admin API: what it does, what it takes, what it answers. A test compares it with the functions."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gotero.domain.job import CONTROLS


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    #: As OpenAPI writes it; functions write `<id>` for `{id}`.
    path: str
    summary: str
    #: Names in bodies.BODIES or shapes.DEFINITIONS, and in answers.ANSWERS; empty where there is none.
    body: str = ""
    answer: str = ""
    status: int = 200
    #: Query and header parameters, by their names in parameters.PARAMETERS.
    takes: tuple[str, ...] = ()


_PAGE = ("limit", "cursor")
_NEW, _CHANGE = ("Idempotency-Key",), ("If-Match",)


def _definitions(path: str, one: str, shape: str, *, key: str = "id") -> Iterator[Route]:
    """What every kind of definition has."""
    yield Route("GET", path, f"All {one}s", answer=f"{shape}Page")
    yield Route("POST", path, f"A new {one}", shape, shape, 201, _NEW)
    yield Route("GET", f"{path}/{{{key}}}", f"One {one}", answer=shape)
    yield Route("PATCH", f"{path}/{{{key}}}", f"Change some keys of the {one}", f"{shape}Change", shape, takes=_CHANGE)
    yield Route("DELETE", f"{path}/{{{key}}}", f"Delete the {one}, if nothing uses it", status=204)


def _records() -> Iterator[Route]:
    path = "/v1/records/{module}"
    query = ("filter", "filter_id", "search", "sort", "bin", "letter", "letters", "group", *_PAGE)
    yield Route("GET", path, "Records of a module, page by page, from the lake", answer="RecordPage", takes=query)
    yield Route("POST", path, "A new record", "Record", "Record", 201, _NEW)
    yield Route("GET", f"{path}/{{id}}", "One record", answer="Record")
    yield Route("PATCH", f"{path}/{{id}}", "Change some values", "RecordChange", "Record", takes=_CHANGE)
    yield Route("DELETE", f"{path}/{{id}}", "Put the record into the bin", status=204, takes=_CHANGE)
    yield Route("POST", f"{path}/{{id}}/restore", "Take it out of the bin", answer="Record")
    yield Route("GET", f"{path}/{{id}}/timeline", "What happened to it", answer="Timeline", takes=_PAGE)
    many = "202 and a job when they are many, 200 when it is done"
    yield Route("POST", f"{path}/mass-edit", f"Change many records: {many}", "MassEdit", "Job", 202, _NEW)
    yield Route("POST", f"{path}/mass-delete", f"Put many into the bin: {many}", "Many", "Job", 202, _NEW)
    yield Route("POST", f"{path}/undo/{{job_id}}", f"Undo what a job changed: {many}", answer="Job", status=202)
    yield Route("GET", f"{path}/columns", "Which columns this person sees", answer="Columns")
    yield Route("POST", f"{path}/columns", "Choose them; none for the usual ones", "Columns", "Columns")
    yield Route("GET", f"{path}/{{id}}/duplicates", "Who may be the same", answer="RecordPage")
    yield Route("POST", f"{path}/{{id}}/merge", f"Make others a part of this one: {many}", "Merge", "Job", 202, _NEW)
    export = f"{path}/{{id}}/export"
    yield Route("POST", export, f"All that is known of a person: {many}", answer="Job", status=202, takes=_NEW)
    yield Route("GET", f"{export}/{{job_id}}", "How far it is, and where the file lies", answer="Download")
    erase = "Erase a person for good: administrators, by the record's number"
    yield Route("POST", f"{path}/{{id}}/erase", erase, "Erase", "Job", 202, _NEW)
    linked = f"{path}/{{id}}/linked/{{other}}"
    yield Route("GET", linked, "Records that are linked to it, many to many", answer="RecordPage", takes=_PAGE)
    yield Route("POST", linked, "Link some", "Linked", "Object")
    yield Route("DELETE", linked, "Unlink some", "Linked", status=204)
    yield Route("GET", "/v1/search", "Words, in all modules at once", answer="Found", takes=("q", "limit"))
    about = "Records of another module that belong to it"
    yield Route("GET", f"{path}/{{id}}/related/{{other}}", about, answer="RecordPage", takes=("sort", *_PAGE))


def _segments() -> Iterator[Route]:
    path = "/v1/segments/{id}"
    for route in _definitions("/v1/segments", "segment", "Segment"):
        listed = (route.method, route.path) == ("GET", "/v1/segments")
        yield replace(route, takes=("status", "counts")) if listed else route
    takes = ("module", *_PAGE)
    yield Route("GET", f"{path}/members", "Who is in it, and by what", answer="MemberPage", takes=takes)
    many = "202 and a job when they are many, 200 when it is done"
    yield Route("POST", f"{path}/members", f"Put records in by hand: {many}", "Members", "Object", takes=_NEW)
    yield Route("DELETE", f"{path}/members", f"Take them out: {many}", "Members", "Object", takes=_NEW)
    kept = "Who was taken out by name, and is kept out of AutoSync"
    yield Route("GET", f"{path}/blocked", kept, answer="MemberPage", takes=takes)
    yield Route("DELETE", f"{path}/blocked", "Let them into AutoSync's reach again", "Freed", "Object")
    of = "The segments that a record is in, or was taken out of"
    yield Route("GET", "/v1/segments/of/{module}/{record_id}", of, answer="Object")
    yield Route("GET", f"{path}/history", "How large it was, and who came and went", answer="Object")
    yield Route("POST", f"{path}/load", "Put in, once, what a filter finds", "Asked", "Started", 202)
    yield Route("POST", f"{path}/autosync", "Keep it in step with a filter, or no longer", "AutoSync", "Started", 202)
    why = "Why somebody is in or out, now or at an instant"
    yield Route("GET", f"{path}/why/{{module}}/{{record_id}}", why, answer="Object", takes=("at",))


def _sending() -> Iterator[Route]:
    template = "/v1/templates/{template_id}"
    yield from _definitions("/v1/templates", "template", "Template", key="template_id")
    yield Route("PUT", template, "Replace the whole template", "Template", "Template", takes=_CHANGE)
    yield Route("POST", f"{template}/preview", "As one recipient would get it", "Preview", "Object")
    yield Route("POST", f"{template}/check", "As many recipients would get it, and what fails", "Sample", "Object")
    yield Route("POST", f"{template}/test", "Send it to yourself or another", "TestSend", "Record", 202, _NEW)
    campaign = "/v1/campaigns/{campaign_id}"
    yield Route("POST", f"{campaign}/send", "Send it: a job does", "SendOrder", "Started", 202, _NEW)
    yield Route("POST", f"{campaign}/send/preview", "Who would get it, and who not, and why", "Audience", "Object")
    audience = "Those who would get it or not, one by one"
    yield Route("POST", f"{campaign}/audience", audience, "Audience", "RecipientPage", takes=_PAGE)
    yield Route("GET", f"{campaign}/results", "What became of its messages", answer="Results")
    yield Route(
        "GET", "/v1/jobs", "What runs in the background, newest first", answer="JobPage", takes=("campaign", *_PAGE)
    )
    yield Route("GET", "/v1/jobs/{job_id}", "How far it is", answer="Job")
    yield Route("GET", "/v1/jobs/{job_id}/errors", "Row by row, what it could not do", answer="Object", takes=_PAGE)
    yield Route("DELETE", "/v1/jobs/{job_id}", "Delete a send that has not begun", status=204)
    for verb in CONTROLS:
        yield Route("POST", f"/v1/jobs/{{job_id}}/{verb}", f"{verb.capitalize()} the job", answer="Job")
    yield Route("POST", "/v1/messages", "Send one mail", "MailOrder", "Record", 202, _NEW)
    many = "Settle messages in doubt, those named or all that a filter finds; `preview` only counts them"
    yield Route("POST", "/v1/messages/decide", many, "Decide", "Job", 202, _NEW)
    message = "/v1/messages/{message_id}"
    yield Route("GET", f"{message}/documents", "What went along with it", answer="EnclosedPage")
    again = "A generated one that went along with it, made again from what is known now, as a PDF"
    yield Route("GET", f"{message}/documents/{{template_id}}", again, answer="Pdf")
    yield Route("POST", f"{message}/accept", "Settle a message in doubt: it was sent", answer="Record")
    yield Route("POST", f"{message}/send-again", "Settle a message in doubt: send it again", "", "Record", 202)
    path = "/v1/suppressions"
    takes = ("search", *_PAGE)
    yield Route("GET", path, "Addresses that get nothing any more", answer="SuppressionPage", takes=takes)
    yield Route("POST", path, "Put an address on the list", "Suppress", "Suppression", 201)
    yield Route("POST", f"{path}/remove", "Take it off, and say why", "Release", status=204)
    yield Route("POST", f"{path}/import", "Put many on the list", "SuppressMany", "Object")
    yield Route("GET", f"{path}/history", "What was done about an address", answer="Object", takes=("address",))
    yield Route("GET", "/v1/deliverability", "How the account stands, and its brake", answer="Deliverability")
    yield Route("POST", "/v1/deliverability/resume", "Let go of the brake, and say why", "LetGo", "Object")
    yield Route("GET", "/v1/doctor", "Whether mail will arrive, check by check, and what to do", answer="Object")


def _documents() -> Iterator[Route]:
    one = "/v1/documents/{id}"
    yield Route("GET", "/v1/documents", "Files that can be attached to mails", answer="DocumentPage")
    yield Route("POST", "/v1/documents", "Announce a file: where to put it", "Document", "NewDocument", 201, _NEW)
    yield Route("POST", f"{one}/uploaded", "The file has been put: keep it", answer="Document")
    yield Route("GET", one, "One document", answer="Document")
    yield Route("GET", f"{one}/download", "Where its file lies", answer="Download")
    yield Route("PATCH", one, "Give it another name", "DocumentName", "Document", takes=_CHANGE)
    yield Route("DELETE", one, "Delete it, if nothing uses it", status=204)


def _document_templates() -> Iterator[Route]:
    path = "/v1/document-templates"
    yield from _definitions(path, "document template", "DocumentTemplate")
    about = "The document that a record would get, as a PDF"
    yield Route("GET", f"{path}/{{id}}/preview", about, answer="Pdf", takes=("record",))


def _tables() -> Iterator[Route]:
    one = "/v1/imports/{id}"
    yield Route("POST", "/v1/imports", "Announce a CSV file: where to put it", "NewImport", "Import", 201, _NEW)
    yield Route("GET", one, "One import", answer="Import")
    yield Route("POST", f"{one}/preview", "What its columns would become", "ImportChoices", "Object")
    yield Route("POST", f"{one}/check", "Look at every row, write nothing", "ImportChoices", "Started", 202)
    yield Route("POST", f"{one}/start", "Take the rows in", "ImportChoices", "Started", 202)
    yield Route("GET", f"{one}/errors", "Where the refused rows lie, as CSV", answer="Download")
    yield Route("POST", "/v1/exports", "Write records to a CSV file", "NewExport", "Started", 202, _NEW)
    yield Route("GET", "/v1/exports/{id}", "How far it is, and where the file lies", answer="Download")


def _drip() -> Iterator[Route]:
    yield from _definitions("/v1/actions", "action", "Action")
    yield from _definitions("/v1/scheduled-actions", "scheduled action", "ScheduledAction")
    yield from _definitions("/v1/plans", "plan", "Plan")
    for path in ("/v1/scheduled-actions/{id}", "/v1/plans/{id}"):
        yield Route("POST", f"{path}/assign", "Assign it to recipients", "Recipients", "AssignmentPage")
        yield Route("POST", f"{path}/unassign", "Take it back", "Recipients", "AssignmentPage")
        yield Route("POST", f"{path}/preview", "When each would get what", "Recipients", "AssignmentPage")
    path = "/v1/plans/{id}/recipients"
    yield Route("GET", path, "Who has come by the plan, and how each stands", answer="PlanRecipientPage", takes=_PAGE)
    takes = ("recipient", "scheduled_action", *_PAGE)
    yield Route("GET", "/v1/assignments", "What a recipient has got and will get", answer="AssignmentPage", takes=takes)
    yield Route("GET", "/v1/assignments/{id}", "One assignment", answer="Assignment")
    yield Route("DELETE", "/v1/assignments/{id}", "Cancel it", answer="Assignment")


def _administration() -> Iterator[Route]:
    yield Route("GET", "/v1/meta", "What a console is built from: modules, fields, operators, words", answer="Object")
    yield Route("GET", "/v1/openapi.json", "This description", answer="Object")
    yield Route("GET", "/v1/settings/{id}", "Settings of the company or the numbers", answer="Object")
    yield Route("PUT", "/v1/settings/{id}", "Replace them", "Settings", "Object")
    path = "/v1/settings/numbers/next"
    yield Route("GET", path, "The next number of each module", answer="Object")
    yield Route("POST", path, "The same, once such settings of the numbers are saved", "Settings", "Object")
    # A user is not deleted but disabled: what was done stays done by somebody.
    yield from (route for route in _definitions("/v1/users", "user", "User") if route.method != "DELETE")
    yield from _definitions("/v1/groups", "group", "Group")
    yield Route("GET", "/v1/webhooks", "Where providers tell what became of mails", answer="WebhookPage")
    yield Route("POST", "/v1/webhooks", "A new webhook", "Webhook", "Webhook", 201)
    yield Route("DELETE", "/v1/webhooks/{id}", "Delete the webhook", status=204)
    yield from _definitions("/v1/fields/{module}", "custom field", "CustomField", key="field")
    yield Route("GET", "/v1/uses/{kind}/{id}", "What uses a thing", answer="Object")


def _conditions() -> Iterator[Route]:
    for route in _definitions("/v1/filters", "filter", "Filter"):
        listed = (route.method, route.path) == ("GET", "/v1/filters")
        yield Route("GET", route.path, route.summary, answer=route.answer, takes=("module",)) if listed else route
    yield Route("POST", "/v1/filters/count", "How many records a condition finds, and some of them", "Asked", "Object")
    yield from _definitions("/v1/workflows", "workflow", "Workflow")
    yield from _definitions("/v1/forms", "form", "Form")
    yield Route("GET", "/v1/forms/{id}/html", "The HTML to paste into a site", answer="Html")


ROUTES: tuple[Route, ...] = (
    *_records(),
    *_conditions(),
    *_segments(),
    *_sending(),
    *_documents(),
    *_document_templates(),
    *_drip(),
    *_tables(),
    *_administration(),
)
