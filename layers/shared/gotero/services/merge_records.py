"""Several records of a module become one: previewed, logged step by step, and undone for thirty days.

The others go into the bin as parts of the kept one: who asks for them is told where they went. What points to them,
what they are linked with (merge_relations.py), their memberships by name and their open assignments go over; their
messages and timelines stay where they are, and are read through the kept record, which knows whom it has absorbed.
"""

from collections.abc import Callable, Mapping, Sequence

from gotero.domain import assignment as rules
from gotero.domain import instant, modules
from gotero.domain.assignment import Assignment, Key
from gotero.domain.errors import ConflictError, DuplicateError, FieldError, InvalidError, NotFoundError
from gotero.domain.job import Job
from gotero.domain.mass_edit import differences
from gotero.domain.merge import Merged, merge
from gotero.domain.record import Record, Ref
from gotero.ports import Due, Json, Lists, Records, Source
from gotero.services.assign import GUARD, due_thing
from gotero.services.bin_record import merge_away, restore_record
from gotero.services.mass_change import UNDO_NOTE, Mass, cause_of, undo_until, write_note
from gotero.services.merge_relations import count_around, goes_on, move_on
from gotero.services.save_record import absorb, get_record
from gotero.services.show_records import with_titles
from gotero.services.unassign import change
from gotero.services.work_job import JobKind, Step, done_at_once, start_job

MERGE = "merge"
MOST = 10

Row = Json
#: Lists and records as one user sees them.
Seen = tuple[Lists, Records]


def preview_merge(
    mass: Mass,
    module_id: str,
    kept: str,
    others: Sequence[str],
    choices: Mapping[str, str],
    seen: Seen | None = None,
) -> Json:
    """What would become of them; writes nothing. InvalidError, NotFoundError.

    What stands around them is named and counted as far as it is `seen` by whoever asks.
    """
    first, rest, merged = _judged(mass, module_id, kept, others, choices)
    module = modules.module(module_id)
    fields = {
        name: {"value": merged.values.get(name, first.values.get(name)), "from": source}
        for name, source in merged.sources.items()
    }
    lists, records = seen or (mass.lake, mass.writer.records)
    moving = {record.id: _counts(mass, lists, record) for record in rest}
    shown = [{**r.to_json(), "title": modules.title(module, r.values)} for r in (first, *rest)]
    return {
        "records": with_titles(shown, module, records),
        "fields": fields,
        "tags": list(merged.tags),
        "moving": moving,
    }


def start_merge(
    mass: Mass,
    module: str,
    kept: str,
    others: Sequence[str],
    choices: Mapping[str, str],
    *,
    user_id: str,
    key: str | None,
) -> Job:
    """The job, done unless very much points to them. InvalidError, NotFoundError: nothing is written then."""
    params = {"chosen": {"module": module}, "kept": kept, "others": list(others), "choices": dict(choices)}
    repeated = key is not None and all(_is_part(mass, Ref(module, id), kept) for id in others)
    if not repeated:
        _judged(mass, module, kept, others, choices)
    name = modules.module(module).label_one.to_json()["es"]
    job = start_job(mass.line, MERGE, params, name=name, user_id=user_id, total=len(others), key=key, at_once=True)
    return done_at_once(mass.line, merge_kinds(mass), job)


def merge_kinds(mass: Mass) -> dict[str, JobKind]:
    return {MERGE: lambda job: _step(mass, job)}


def _judged(
    mass: Mass, module_id: str, kept: str, others: Sequence[str], choices: Mapping[str, str]
) -> tuple[Record, list[Record], Merged]:
    module = modules.module(module_id)
    if not 0 < len(others) <= MOST:
        raise InvalidError(FieldError("others", "limit", (("limit", str(MOST)),)))
    twice = [i for i, id in enumerate(others) if id == kept or id in others[:i]]
    if twice:
        raise InvalidError(*(FieldError(f"others[{i}]", "not_mergeable") for i in twice))
    first = get_record(mass.writer.records, Ref(module_id, kept))
    rest = [get_record(mass.writer.records, Ref(module_id, id)) for id in others]
    return first, rest, merge(module, first, rest, choices)


def _is_part(mass: Mass, ref: Ref, kept: str) -> bool:
    found = mass.writer.records.get(ref)
    return found is not None and found.merged_into == kept


def _counts(mass: Mass, lists: Lists, record: Record) -> Json:
    open_ = [a for a in mass.drips.assignments.of(record.ref)[0] if a.state == "pending"]
    return {
        "related": count_around(lists, record),
        "memberships": len(mass.memberships.of(record.ref)),
        "assignments": len(open_),
    }


# ------------------------------------------------------------------------------------------------------ the steps


def _step(mass: Mass, job: Job) -> Step:
    """Away with the others first: their unique values are free then, and nothing new is fired for them."""
    position = job.position or {"phase": 0}
    phase = _PHASES[position["phase"]]
    noted = mass.log.read(job.id, f"{UNDO_NOTE}#{job.turn:06d}") or []
    try:
        rows = phase(mass, job, noted)
    except NotFoundError:
        return _give_up(mass, job)
    outcome = {"kept": job.params["kept"], "changed": len(job.params["others"]), "undo_until": undo_until(job)}
    following: Json | None = {"phase": position["phase"] + 1} if position["phase"] + 1 < len(_PHASES) else None
    if walk := goes_on(rows):
        following = {"phase": position["phase"], "walk": walk}
    return Step(following, len(job.params["others"]) if position["phase"] == 0 else 0, outcome)


def _give_up(mass: Mass, job: Job) -> Step:
    """The kept one has gone meanwhile, or is being merged into one of the others: those come out of the bin again."""
    kept, left = job.params["kept"], list[Row]()
    for ref in _others(job):
        if _is_part(mass, ref, kept):
            try:
                restore_record(mass.writer, ref, cause=cause_of(job), unmerge=True)
            except (DuplicateError, NotFoundError):
                left.append({"id": ref.id, "path": "id", "rule": "gone"})
    write_note(mass.log, job, UNDO_NOTE, ())
    errors = [{"id": kept, "path": "kept", "rule": "gone"}, *left]
    return Step(None, 0, {"kept": kept, "changed": 0, "failed": len(job.params["others"]), "errors": errors})


def _kept(job: Job) -> Ref:
    return Ref(job.params["chosen"]["module"], job.params["kept"])


def _others(job: Job) -> list[Ref]:
    return [Ref(job.params["chosen"]["module"], id) for id in job.params["others"]]


def _parts(mass: Mass, job: Job) -> list[Record]:
    """Those that went: of one that another merge was quicker with, or that lies in the bin, nothing is taken over."""
    found = mass.writer.records.get_many(_others(job))
    return [found[ref] for ref in _others(job) if ref in found and found[ref].merged_into == job.params["kept"]]


def _away(mass: Mass, job: Job, noted: Sequence[Row]) -> list[Row]:
    # What they were is read before they go: it is laid over the kept one in the next step.
    rows = list(noted) or [{"do": "away", "id": ref.id} for ref in _others(job)]
    write_note(mass.log, job, UNDO_NOTE, rows)
    for ref in _others(job):
        merge_away(mass.bin, ref, job.params["kept"], cause=cause_of(job))
    return rows


def _lay(mass: Mass, job: Job, noted: Sequence[Row]) -> list[Row]:
    first, rest = get_record(mass.writer.records, _kept(job)), _parts(mass, job)
    module = modules.module(first.module)
    merged = merge(module, first, rest, job.params["choices"])
    parts = [id for r in rest for id in (r.id, *r.absorbed)]
    values = dict(merged.values)
    while True:
        found = differences(first, first.changed(values, at="", tags=merged.tags))
        rows = list(noted) or [{"do": "lay", "id": first.id, **(found or {"before": {}, "after": {}})}]
        write_note(mass.log, job, UNDO_NOTE, rows)
        try:
            absorb(mass.writer, first.ref, values, merged.tags, parts, cause=cause_of(job))
        except DuplicateError as error:
            # Free for a moment between two steps, and somebody new has taken it: it is theirs.
            if values.pop(error.path.removeprefix("values."), None) is None:
                raise
            noted = ()
            continue
        return rows


def _memberships(mass: Mass, job: Job, noted: Sequence[Row]) -> list[Row]:
    wanted = [
        (stored.segment, source)
        for part in _parts(mass, job)
        for stored in mass.memberships.standing(part.ref).memberships
        for source in stored.sources
        if source.kind != "filter"
    ]
    standing = mass.memberships.standing(_kept(job))
    new = [(segment, s) for segment, s in wanted if not standing.of(segment).has(s.kind, s.id)]
    rows = list(noted) or [{"do": "member", "segment": segment, "source": s.to_json()} for segment, s in new]
    write_note(mass.log, job, UNDO_NOTE, rows)
    for row in rows:
        segment = mass.writer.definitions.get("segments", row["segment"])
        keeps_out = bool(segment and segment.data.get("keeps_out"))
        mass.memberships.add(row["segment"], _kept(job), Source.from_json(row["source"]), keeps_out=keeps_out)
    return rows


def _assignments(mass: Mass, job: Job, noted: Sequence[Row]) -> list[Row]:
    rows = list(noted)
    for part in _parts(mass, job):
        rows += [{"do": "assignment", "key": a.key.to_json()} for a in _open(mass, part.ref)]
    write_note(mass.log, job, UNDO_NOTE, rows)
    for row in rows:
        _hand_on(mass, Key.from_json(row["key"]), _kept(job))
    return rows


def _open(mass: Mass, ref: Ref) -> list[Assignment]:
    found, after = mass.drips.assignments.of(ref)
    while after:
        page, after = mass.drips.assignments.of(ref, after=after)
        found += page
    return [a for a in found if a.state == "pending" and not a.claimed_at]


def _hand_on(mass: Mass, key: Key, to: Ref) -> None:
    """Taken from the one before it is given to the other: whatever is cut off between, nobody gets it twice."""
    drips, at = mass.drips, mass.writer.clock.now()
    found = drips.assignments.get(key)
    if found is None:
        return
    handed = change(drips, found, lambda current: rules.handed_on(current, at) or current)
    if handed.reason != "merged":
        return
    new = rules.taken_on(handed, to, at)
    _wake(mass, new)
    try:
        drips.assignments.put(new)
    except ConflictError:
        return  # whom it is merged into has it already


def _wake(mass: Mass, assignment: Assignment) -> None:
    if assignment.due_at:
        at = max(instant.read(assignment.due_at), mass.writer.clock.now() + GUARD)
        due = Due(at, due_thing(assignment.key), assignment.key.to_json())
        mass.drips.due_index.put(due.at, due.thing, due.payload)


def _around(mass: Mass, job: Job, noted: Sequence[Row]) -> list[Row]:
    return move_on(mass, job, _kept(job), [part.ref for part in _parts(mass, job)], noted)


_PHASES: tuple[Callable[[Mass, Job, Sequence[Row]], list[Row]], ...] = (
    _away,
    _lay,
    _memberships,
    _assignments,
    _around,
)


# ------------------------------------------------------------------------------------------------------ undoing them


def unmerge_member(mass: Mass, job: Job, kept: Ref, row: Row) -> None:
    source = Source.from_json(row["source"])
    at = instant.write(mass.writer.clock.now())
    mass.memberships.remove(row["segment"], kept, (source.kind, source.id), cause_of(job), at)


def unmerge_assignment(mass: Mass, job: Job, kept: Ref, row: Row) -> None:
    """Back to whom it was taken from, unless the other has got it meanwhile."""
    drips, key, at = mass.drips, Key.from_json(row["key"]), mass.writer.clock.now()
    handed = drips.assignments.get(key)
    if handed is None or handed.reason != "merged":
        return
    theirs = drips.assignments.get(Key(key.scheduled_action, kept, key.subject, key.round))
    if theirs and theirs.assigned_at == handed.assigned_at:
        taken = change(drips, theirs, lambda current: rules.unassign(current, None, cause_of(job), at))
        if taken.state != "skipped":
            return
    back = rules.handed_back(handed, at)
    _wake(mass, back)
    drips.assignments.put(back)
