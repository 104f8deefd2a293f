"""One row of an import: what it says, which record it is about, and what becomes of that record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from gotero.domain import instant, modules, validation
from gotero.domain.errors import HIDDEN, ConflictError, DuplicateError, FieldError, InvalidError, NotFoundError
from gotero.domain.exchange import cells
from gotero.domain.exchange.cells import Style
from gotero.domain.exchange.formula import original
from gotero.domain.exchange.plan import NO_MATCH, Plan
from gotero.domain.exchange.presets import FULL_NAME
from gotero.domain.exchange.rows import Row
from gotero.domain.ids import derived_id, is_id
from gotero.domain.membership import Source
from gotero.domain.modules import Module
from gotero.domain.record import Cause, Record, Ref
from gotero.domain.visibility import Sight
from gotero.ports import Memberships
from gotero.services.foreseen_records import ForeseenRecords
from gotero.services.save_record import RecordWriter, create_record, update_record

Outcome = Literal["new", "changed", "unchanged", "refused"]
#: Two writers of one record, or of one address, meet now and then.
_ATTEMPTS = 3
OPT_OUT = "do_not_email"


@dataclass(frozen=True, slots=True)
class Import:
    """Which import, by whom, and what it was told to do."""

    id: str
    module: str
    plan: Plan
    style: Style
    #: Whose the new records are where the row says nothing.
    owner: str
    #: Users and groups by their id, name and address, in lower case.
    people: Mapping[str, str]
    #: What whoever imports sees: nothing else is recognised, changed or pointed to.
    sight: Sight = field(default_factory=Sight)

    @property
    def declared(self) -> Module:
        return modules.module(self.module)

    def ref_of(self, line: int) -> Ref:
        """The record that this line makes, however often it is read."""
        return Ref(self.module, derived_id("import", self.id, str(line)))


@dataclass(slots=True)
class Draft:
    """A row as it was understood. `named` is what the row is recognised by, in its normal form."""

    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    owner: str | None = None
    tags: tuple[str, ...] = ()
    named: str | None = None
    errors: list[FieldError] = field(default_factory=list)
    #: Records that relation cells name in words: field -> text.
    pointed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    outcome: Outcome
    record: Record | None = None
    errors: Sequence[FieldError] = ()
    #: The address is suppressed, or the record has opted out: the file could not change that.
    kept_out: bool = False
    #: The record as it was, where it was changed.
    before: Record | None = None


def read_draft(job: Import, row: Row) -> Draft:
    """What a row says. Its errors are those of cells that cannot be placed; the fields' own rules come later."""
    draft = Draft(row)
    if row.broken:
        draft.errors.append(FieldError("", row.broken, (("limit", str(len(job.plan.columns))),)))
        return draft
    if any(cell.strip() for cell in row.cells[len(job.plan.columns) :]):
        draft.errors.append(FieldError("", "too_many_cells", (("limit", str(len(job.plan.columns))),)))
    for target, cell in zip(job.plan.columns, row.cells, strict=False):
        if target is not None and cell.strip():
            _place(job, draft, target, cell)
    draft.named = _named(job, draft)
    return draft


def _place(job: Import, draft: Draft, target: str, cell: str) -> None:
    text = original(_mended(cell)).strip()
    declared = job.declared.field(target)
    if target == FULL_NAME:
        draft.values = {**cells.names(text), **draft.values}
    elif target == "owner" and declared is None:
        draft.owner = job.people.get(text.casefold())
        if draft.owner is None:
            draft.errors.append(FieldError("owner", "user"))
        elif not job.sight.sees(job.ref_of(draft.row.line), draft.owner):
            draft.errors.append(FieldError("owner", "owner_hidden"))
    elif target == "tags" and declared is None:
        draft.tags = tuple(cells.split(text))
    elif target in ("id", "number") and declared is None:
        if job.plan.match == target:
            draft.named = text
    elif declared is not None and declared.type == "user":
        draft.values[target] = job.people.get(text.casefold(), text)
    elif declared is not None and declared.relation and not is_id(text):
        draft.pointed[target] = text
    elif declared is not None:
        draft.values[target] = cells.read_cell(declared, _mended(cell), job.style)


def _mended(cell: str) -> str:
    """A cell that is no UTF-8 in a file that is: somebody pasted lines of an older file into it."""
    try:
        cell.encode("utf-8")
        return cell
    except UnicodeEncodeError:
        try:
            return cell.encode("utf-8", "surrogateescape").decode("cp1252")
        except UnicodeError:
            return cell


def _named(job: Import, draft: Draft) -> str | None:
    match = job.plan.match
    if match in ("id", "number", NO_MATCH):
        return draft.named
    return validation.unique_keys(job.declared, draft.values).get(match)


@dataclass(frozen=True, slots=True)
class Hands:
    """What writing rows needs; `writer` stands on `records`."""

    writer: RecordWriter
    records: ForeseenRecords
    memberships: Memberships | None
    #: The keys of suppressed addresses among those of the rows.
    suppressed: frozenset[str]
    #: Number -> id, for imports that recognise records by their number.
    numbered: Mapping[str, str]


def work_row(job: Import, draft: Draft, hands: Hands) -> Result:
    """Make or change the row's record, once, whatever happens in between. Nothing is written for a refused row."""
    if draft.errors:
        return Result("refused", errors=draft.errors)
    cause = Cause("import", job.id, event=f"line {draft.row.line}")
    for attempt in range(_ATTEMPTS):
        try:
            result = _write(job, draft, hands, cause)
            break
        except InvalidError as error:
            return Result("refused", errors=[_as_in_the_file(job.style, each) for each in error.errors])
        except NotFoundError:
            return Result("refused", errors=[FieldError(job.plan.match, "not_found")])
        except DuplicateError as error:
            # The address of this row was taken meanwhile: the next look finds who has it. Another field's value is
            # somebody else's for good.
            if attempt == _ATTEMPTS - 1 or error.path != f"values.{job.plan.match}":
                return Result("refused", errors=[error.field_error])
        except ConflictError:
            if attempt == _ATTEMPTS - 1:
                raise
    if job.plan.segment and hands.memberships and result.record:
        at = instant.write(hands.writer.clock.now())
        hands.memberships.add(job.plan.segment, result.record.ref, Source("import", job.id, at, cause))
    return result


def _as_in_the_file(style: Style, error: FieldError) -> FieldError:
    """What is no date is told in the order that this file was said to have."""
    return replace(error, rule=f"{error.rule}_{style.dates}") if error.rule in ("date", "datetime") else error


def _write(job: Import, draft: Draft, hands: Hands, cause: Cause) -> Result:
    made = hands.records.get(job.ref_of(draft.row.line))
    if made is not None:
        return Result("new", made)
    known = known_as(job, draft, hands)
    if known is None:
        if job.plan.mode == "update":
            return Result("refused", errors=[FieldError(job.plan.match, "no_match")])
        return _create(job, draft, hands, cause)
    if job.plan.mode == "create":
        return Result("refused", errors=[FieldError(job.plan.match, "exists", (("holder", known.id),))])
    return _change(job, draft, hands, known, cause)


def known_as(job: Import, draft: Draft, hands: Hands) -> Ref | None:
    """The record that the row names; a number or id that nobody has is an error, an address is a new record."""
    if draft.named is None:
        return None
    if job.plan.match in ("id", "number"):
        id = draft.named if job.plan.match == "id" else hands.numbered.get(draft.named, "")
        if not is_id(id):
            raise NotFoundError(job.plan.match)
        return Ref(job.module, id)
    holder = hands.records.find_unique(job.module, job.plan.match, draft.named)
    if holder == HIDDEN:
        raise InvalidError(FieldError(job.plan.match, "unique_hidden"))
    return Ref(job.module, holder) if holder else None


def _create(job: Import, draft: Draft, hands: Hands, cause: Cause) -> Result:
    values = dict(draft.values)
    kept_out = job.declared.field(OPT_OUT) is not None and _is_suppressed(job, values, hands)
    if kept_out:
        values[OPT_OUT] = True
    record = create_record(
        hands.writer,
        job.module,
        values,
        cause=cause,
        owner=draft.owner or job.owner,
        tags=(*draft.tags, *job.plan.tags),
        id=job.ref_of(draft.row.line).id,
    )
    return Result("new", record, kept_out=kept_out)


def _change(job: Import, draft: Draft, hands: Hands, ref: Ref, cause: Cause) -> Result:
    before = hands.records.get(ref)
    # What the record is recognised by is its own already: another spelling of the address is no change.
    values = {id: value for id, value in draft.values.items() if id != job.plan.match}
    out = before is not None and before.values.get(OPT_OUT) is True
    kept_out = values.get(OPT_OUT) is False and (out or _is_suppressed(job, draft.values, hands))
    if kept_out:
        # A file never brings anybody back who does not want to be written to.
        del values[OPT_OUT]
    added = [tag for tag in (*draft.tags, *job.plan.tags) if before is None or tag not in before.tags]
    after = update_record(
        hands.writer,
        ref,
        values,
        cause=cause,
        owner=draft.owner,
        tags=(*(before.tags if before else ()), *dict.fromkeys(added)) if added else None,
    )
    same = before is not None and before.version == after.version
    return Result("unchanged" if same else "changed", after, kept_out=kept_out, before=before)


def _is_suppressed(job: Import, values: Mapping[str, Any], hands: Hands) -> bool:
    return bool(hands.suppressed & validation.addresses(job.declared, values))
