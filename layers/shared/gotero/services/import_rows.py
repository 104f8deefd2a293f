"""The job that imports a file, and the one that rehearses it: some rows a step, from the byte where the last one ended.

Each line makes its record under an id of its own, so that a step that was cut off and runs again makes nothing twice.
The rows that were refused lie beside the file, step by step, and are put together when somebody asks for them.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import cast
from zoneinfo import ZoneInfo

from gotero.domain import catalogue, validation
from gotero.domain.catalogue import Language
from gotero.domain.company import ID, KIND, Company
from gotero.domain.errors import FieldError, InvalidError, NotFoundError
from gotero.domain.exchange import formula
from gotero.domain.exchange.cells import Style
from gotero.domain.exchange.plan import Plan
from gotero.domain.exchange.rows import Row
from gotero.domain.ids import is_id
from gotero.domain.job import Job
from gotero.domain.modules import Module
from gotero.domain.record import Ref
from gotero.ports import Files, JobLog, Json, Lake, Memberships, Numbers, Records, Suppressions
from gotero.services.find_sight import sight_of
from gotero.services.foreseen_records import BlockNumbers, ForeseenRecords, NoNumbers
from gotero.services.import_notes import rows_of, to_be_made
from gotero.services.import_related import find_numbered, find_related
from gotero.services.import_row import Draft, Hands, Import, Result, known_as, read_draft, work_row
from gotero.services.mass_change import UNDO_NOTE, note_of, undo_until, write_note
from gotero.services.read_rows import read_on
from gotero.services.save_record import RecordWriter
from gotero.services.sighted import seen_records
from gotero.services.work_job import Step

IMPORT, REHEARSAL = "import", "import_check"
#: Rows of a step: some seconds of work, and one batch of reads.
ROWS = 400
#: A rehearsal carries along whom all of its rows so far would have made. It goes in steps of a tenth of those, so that
#: what is carried adds up to a few times the file and not to its square; these are the most that one step looks at.
MOST_REHEARSED = 8000
#: Rows are written by so many at once; those about one record are written one after the other.
LANES = 8
#: A digest of a key that a rehearsal remembers: 100 k rows stay under a megabyte.
_DIGEST = 8


@dataclass(frozen=True, slots=True)
class Importer:
    """What importing needs."""

    files: Files
    writer: RecordWriter
    memberships: Memberships
    suppressions: Suppressions
    lake: Lake
    log: JobLog


def source_key(import_id: str) -> str:
    return f"imports/{import_id}/source.csv"


def part_key(import_id: str, number: int) -> str:
    return f"imports/{import_id}/refused/{number:06d}.csv"


def import_of(importer: Importer, params: Json) -> Import:
    """The import that a job, or somebody at the screen, means."""
    definitions = importer.writer.definitions
    people = {
        str(name).casefold(): d.id
        for kind in ("groups", "users")
        for d in definitions.all(kind)
        for name in (d.data.get("name"), d.data.get("email"), d.id)
        if name
    }
    settings = definitions.get(KIND, ID)
    zone = ZoneInfo(Company.from_json(settings.data if settings else {}).zone)
    plan = Plan.from_json(params["plan"])
    style = Style(plan.decimal, plan.dates, zone)
    user: str = params["user"]
    return Import(
        params["import"], params["module"], plan, style, plan.owner or user, people, sight_of(definitions, user)
    )


def import_step(importer: Importer, job: Job) -> Step:
    """The next rows of a file, or its end."""
    here = import_of(importer, job.params)
    size = job.params["size"]
    position = job.position or {"byte": here.plan.dialect.start, "line": 1, "seen": 0}
    key, dialect = source_key(here.id), here.plan.dialect
    first = position["line"] == 1
    rehearsal = job.kind == REHEARSAL
    many = min(MOST_REHEARSED, max(ROWS, position["seen"] // 10)) if rehearsal else ROWS
    rows, following = read_on(importer.files, key, dialect, position, size, many + first)
    rows = rows[first:]  # the header is no row
    results = work_rows(importer, here, rows, rehearsal=True) if rehearsal else _work_noted(importer, here, rows, job)
    if rehearsal:
        results = _repeated(importer.files, here, rows, results, job)
    outcome = _outcome(job.outcome, results) | ({} if rehearsal else {"undo_until": undo_until(job)})
    refused = [(row, result) for row, result in zip(rows, results, strict=True) if result.outcome == "refused"]
    if refused:
        number = outcome["parts"] = outcome["parts"] + 1
        language = cast("Language", job.params["language"])
        lines = (_refused_line(here, row, result, language) for row, result in refused)
        body = formula.write_rows(lines, here.plan.dialect.separator)
        importer.files.put(part_key(job.id, number), body)
    seen = position["seen"] + len(rows)
    if following["byte"] >= size:
        return Step(None, len(rows), outcome)
    done = following["byte"] - here.plan.dialect.start
    total = max(seen, round(seen * (size - here.plan.dialect.start) / done)) if done else None
    return Step({**following, "seen": seen}, len(rows), outcome, total)


# --------------------------------------------------------------------------------------------------------- the rows


def _work_noted(importer: Importer, here: Import, rows: Sequence[Row], job: Job) -> list[Result]:
    """Noted before it is written, and again where it came otherwise: refused, or another was quicker."""
    noted = importer.log.read(job.id, note_of(UNDO_NOTE, job.turn)) or []
    planned: list[Json] = []

    def note(ahead: Sequence[Result], new: Sequence[str]) -> None:
        old = {row["id"] for row in noted}
        planned[:] = rows_of(ahead, [*noted, *to_be_made([id for id in new if id not in old])])
        write_note(importer.log, job, UNDO_NOTE, planned)

    results = work_rows(importer, here, rows, rehearsal=False, note=note)
    done = rows_of(results, noted)
    if done != planned:
        write_note(importer.log, job, UNDO_NOTE, done)
    return results


def work_rows(
    importer: Importer,
    here: Import,
    rows: Sequence[Row],
    *,
    rehearsal: bool,
    note: Callable[[Sequence[Result], Sequence[str]], None] | None = None,
) -> list[Result]:
    """What became of each row, in their order; in a rehearsal, what would become of it.

    `note` is told before anything is written what is going to be changed, and the ids that new records would have.
    """
    drafts = [read_draft(here, row) for row in rows]
    find_related(importer.lake, here, drafts)
    made = [here.ref_of(draft.row.line) for draft in drafts if not draft.errors]
    seen = seen_records(importer.writer.records, here.sight, frozenset(made))
    records = ForeseenRecords(seen, rehearsal=rehearsal)
    numbered = find_numbered(importer.lake, here, drafts)
    keys: dict[str, list[str]] = {}
    for draft in drafts:
        for name, value in validation.unique_keys(here.declared, draft.values).items():
            keys.setdefault(name, []).append(value)
    named = [d.named for d in drafts if d.named and is_id(d.named)] if here.plan.match == "id" else []
    refs = [Ref(here.module, id) for id in (*named, *numbered.values())]
    related = [ref for draft in drafts for ref in validation.references(here.declared, draft.values).values()]
    records.foresee(here.module, [*refs, *made, *(ref for ref in related if is_id(ref.id))], keys)
    addresses = {key for draft in drafts for key in validation.addresses(here.declared, draft.values)}
    numbers = NoNumbers() if rehearsal else BlockNumbers(importer.writer.numbers, len(drafts))
    writer = replace(
        importer.writer,
        records=cast(Records, records),
        numbers=cast(Numbers, numbers),
    )
    hands = Hands(
        writer,
        records,
        None if rehearsal else importer.memberships,
        frozenset(importer.suppressions.get_many(addresses)),
        numbered,
    )
    if note:
        _look_ahead(here, drafts, hands, note)
    if rehearsal or len(drafts) <= LANES:
        return [work_row(here, draft, hands) for draft in drafts]
    return _in_lanes(here, drafts, hands)


def _look_ahead(
    here: Import, drafts: Sequence[Draft], hands: Hands, note: Callable[[Sequence[Result], Sequence[str]], None]
) -> None:
    """Only rows of records that exist are rehearsed; of new ones the id is known."""
    ahead = hands.records.rehearsing()
    writer = replace(hands.writer, records=cast(Records, ahead), numbers=cast(Numbers, NoNumbers()))
    rehearsed = replace(hands, writer=writer, records=ahead, memberships=None)
    results, new = list[Result](), list[str]()
    for draft in drafts:
        ref = here.ref_of(draft.row.line)
        try:
            known = not draft.errors and known_as(here, draft, hands)
        except (InvalidError, NotFoundError):
            continue  # refused below, with its reason
        if known:
            results.append(work_row(here, draft, rehearsed))
        elif not draft.errors:
            new.append(ref.id)
    note(results, new)


def _in_lanes(here: Import, drafts: Sequence[Draft], hands: Hands) -> list[Result]:
    lanes: list[list[int]] = [[] for _ in range(LANES)]
    for index, draft in enumerate(drafts):
        lanes[hash(draft.named) % LANES if draft.named else index % LANES].append(index)

    def work(lane: list[int]) -> list[tuple[int, Result]]:
        return [(index, work_row(here, drafts[index], hands)) for index in lane]

    with ThreadPoolExecutor(LANES) as pool:
        done = dict(pair for results in pool.map(work, lanes) for pair in results)
    return [done[index] for index in range(len(drafts))]


# ------------------------------------------------------------------------------------------------------ what came of it


def _outcome(before: Json, results: Sequence[Result]) -> Json:
    counts = Counter(result.outcome for result in results)
    reasons: Counter[str] = Counter(before.get("reasons", {}))
    for result in results:
        reasons.update({f"{e.path.removeprefix('values.')}:{e.rule}" for e in result.errors})
    outcome: Json = {name: before.get(name, 0) + counts[name] for name in ("new", "changed", "unchanged", "refused")}
    kept_out = sum(result.kept_out for result in results)
    return {
        **outcome,
        "failed": outcome["refused"],
        "kept_out": before.get("kept_out", 0) + kept_out,
        "reasons": dict(sorted(reasons.items())),
        "parts": before.get("parts", 0),
    }


def reason(module: Module, error: FieldError, language: Language) -> str:
    """`Email: No es una dirección de email válida.`"""
    name = error.path.removeprefix("values.")
    field = module.column(name)
    label = f"{field.label.to_json()[language]}: " if field else ""
    return label + catalogue.text("errors", error.rule, language, **dict(error.values))


def _refused_line(here: Import, row: Row, result: Result, language: Language) -> list[str]:
    why = " ".join(reason(here.declared, error, language) for error in result.errors)
    width = len(here.plan.columns)
    cells = list(map(formula.neutral, [*row.cells, *[""] * (width - len(row.cells))]))
    # What has no column of the header stands behind those that were added, so that these keep their place.
    return [*cells[:width], str(row.line), why, *cells[width:]]


def _repeated(files: Files, here: Import, rows: Sequence[Row], results: list[Result], job: Job) -> list[Result]:
    """A rehearsal writes nothing, so it must remember whom earlier steps would have made."""
    key = f"imports/{here.id}/rehearsal/{job.id}"
    known_before = files.read(f"{key}-{job.turn}", 0, 1 << 24) if job.turn else b""
    known = {known_before[i : i + _DIGEST] for i in range(0, len(known_before), _DIGEST)}
    told, added = list[Result](), list[bytes]()
    for row, result in zip(rows, results, strict=True):
        named = read_draft(here, row).named if result.outcome == "new" else None
        mark = _mark(named) if named else None
        told.append(replace(result, outcome="changed") if mark in known else result)
        if mark and mark not in known:
            added.append(mark)
    files.put(f"{key}-{job.turn + 1}", known_before + b"".join(added))
    return told


def _mark(named: str) -> bytes:
    return sha256(named.encode()).digest()[:_DIGEST]
