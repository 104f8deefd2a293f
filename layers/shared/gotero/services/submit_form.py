"""A visitor posts a form: match or create the record, impose what the form imposes, tell the workflows once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gotero.domain import form as forms
from gotero.domain import modules, validation
from gotero.domain.errors import DuplicateError, InvalidError, NotAllowedError, NotFoundError, TransientError
from gotero.domain.form import HONEYPOT, Form
from gotero.domain.record import Cause, Record, Ref
from gotero.ports import Counters, Definition, Definitions
from gotero.services.save_record import RecordWriter, create_record, get_record, update_record
from gotero.services.write_definition import seen_definition, written

#: A new address posted many times at once is made by one of the posts; the others then find it, and write it in turn.
ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class Submission:
    """What arrived: the posted fields, where the page says it is, and a key that makes a repeat the same post."""

    posted: Mapping[str, str]
    origin: str | None
    referer: str | None
    #: Where our own pages stand: a form that was sent back to be corrected comes from there.
    own_origin: str
    key: str


@dataclass(frozen=True, slots=True)
class Thanks:
    """The ordinary answer. `record` is None for a robot, who gets the same one."""

    form: Form
    record: Record | None
    created: bool = False


class FormRefusedError(InvalidError):
    """The visitor must correct something; carries the form, so that the page can say what."""

    def __init__(self, form: Form, error: InvalidError) -> None:
        super().__init__(*error.errors)
        self.form = form


def find_form(definitions: Definitions, public_id: str) -> tuple[str, Form]:
    """The active form behind a public id, with its own id; NotFoundError otherwise."""
    found = seen_definition(definitions, "public_forms", public_id)
    definition = seen_definition(definitions, "forms", found.data["form"])
    form = form_of(definition)
    if not form.active:
        raise NotFoundError("form")
    return definition.id, form


def form_of(definition: Definition) -> Form:
    """The form in a stored definition."""
    data = written(definition)
    return forms.parse(data, modules.MODULES, owner=data["owner"], public_id=data["public_id"])


@dataclass(frozen=True, slots=True)
class Intake:
    """What taking a post needs."""

    writer: RecordWriter
    counters: Counters


def submit_form(intake: Intake, public_id: str, submission: Submission) -> Thanks:
    """Take one post. NotFoundError, NotAllowedError (foreign page), FormRefusedError: nothing is written then."""
    writer = intake.writer
    form_id, form = find_form(writer.definitions, public_id)
    own = submission.origin == submission.own_origin
    if not own and not form.accepts_from(submission.origin, submission.referer):
        raise NotAllowedError("origin")
    if submission.posted.get(HONEYPOT):
        intake.counters.add(f"honeypot#{form_id}", writer.clock.now().date().isoformat(), keep_days=90)
        return Thanks(form, None)
    try:
        answers = _checked(writer, form, submission.posted)
    except InvalidError as error:
        raise FormRefusedError(form, error) from error
    cause = Cause("form", form_id, event=submission.key)
    for _ in range(ATTEMPTS):
        known = _known(writer, form, answers)
        try:
            if known:
                return Thanks(form, _complete(writer, form, form_id, known, answers, cause))
            values = {**answers, **form.imposed()}
            # A unique value that the form imposes was not looked up; the transaction refuses it where it is held.
            record = create_record(
                writer, form.module, values, cause=cause, owner=form.owner, form=form_id, looked_up=True
            )
            return Thanks(form, record, created=True)
        except (DuplicateError, TransientError, NotFoundError):
            continue  # another post of the same address was faster: the next look finds its record
    raise TransientError("the same address is being posted by many at once")


def _checked(writer: RecordWriter, form: Form, posted: Mapping[str, str]) -> dict[str, Any]:
    answers = form.answers(posted)
    errors = list(form.missing(answers))
    try:
        answers = validation.clean(
            modules.module(form.module), answers, partial=True, phone=lambda t: writer.phones.e164(t, writer.region)
        )
    except InvalidError as error:
        errors += (replace(e, path=e.path.removeprefix("values.")) for e in error.errors)
    if errors:
        raise InvalidError(*errors)
    return answers


def _known(writer: RecordWriter, form: Form, answers: Mapping[str, Any]) -> Record | None:
    """The record that has the posted address: the only key that says who somebody is (never an IP or a cookie)."""
    module = modules.module(form.module)
    for field, key in validation.unique_keys(module, answers).items():
        holder = writer.records.find_unique(form.module, field, key)
        if holder:
            return get_record(writer.records, Ref(form.module, holder))
    return None


def _complete(
    writer: RecordWriter, form: Form, form_id: str, known: Record, answers: Mapping[str, Any], cause: Cause
) -> Record:
    """What was typed fills blanks only, what is imposed is written; the event is told even when nothing changes."""
    blanks = {field: value for field, value in answers.items() if known.values.get(field) in (None, "", [])}
    return update_record(writer, known.ref, {**blanks, **form.imposed()}, cause=cause, form=form_id)
