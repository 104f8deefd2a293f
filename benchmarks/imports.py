"""Imports: rows a second and core, of reading alone and of the whole on adapters in memory.

PYTHONPATH=layers/shared:. python -m benchmarks.imports

Reading is: ranged reads, csv, cells, the module's rules. The whole adds finding, writing, the job's steps and the file
of refused rows. No network: what AWS adds is a transaction a row and a hundredth of some batches
(tests/unit/adapters/test_files.py asserts how many).
"""

import json
import resource
import time

from gotero.domain import modules, validation
from gotero.domain.exchange.plan import Plan
from gotero.domain.exchange.sniff import Dialect
from gotero.services.import_row import read_draft
from gotero.services.import_rows import import_of, source_key
from gotero.services.read_rows import read_on
from tests.unit.services.exchange_world import ExchangeWorld

ROWS = 100_000
COLUMNS = ["firstname", "lastname", "email", "phone", "city", "birthday", "leadsource", "tags"]


def file() -> bytes:
    lines = (
        f'Lía;"Núñez {n}";p{n}@correo.example;96312{n % 10_000:04d};Valencia;03/12/19{n % 100:02d};Feria;"VIP, Prensa"'
        if n % 100
        else f"Rota;Fila {n};esto no es un correo;;;31/02/2000;Luna;"
        for n in range(ROWS)
    )
    return ("Nombre;Apellidos;Correo;Teléfono;Ciudad;Nacimiento;Origen;Etiquetas\r\n" + "\r\n".join(lines)).encode(
        "cp1252"
    )


def read_all(world: ExchangeWorld, id: str, size: int) -> float:
    dialect = Dialect("cp1252", ";")
    params = {
        "import": id,
        "module": "contacts",
        "plan": Plan(dialect, tuple(COLUMNS), "email").to_json(),
        "user": "marc",
    }
    here = import_of(world.importer, params)
    contacts, position, seen = modules.module("contacts"), {"byte": 0, "line": 1}, 0
    began = time.process_time()
    while position["byte"] < size:
        rows, position = read_on(world.files, source_key(id), dialect, position, size, 400)
        for row in rows:
            draft = read_draft(here, row)
            validation.check(
                contacts, draft.values, partial=False, phone=lambda text: world.writer.phones.e164(text, "ES")
            )
        seen += len(rows)
    return seen / (time.process_time() - began)


def main() -> None:
    world, body = ExchangeWorld(), file()
    found = world.upload(body)
    reading = read_all(world, found.id, len(body))
    plan = {"columns": COLUMNS, "match": "email"}
    began = time.process_time()
    job = world.work(world.begin(found, **plan))
    whole = ROWS / (time.process_time() - began)
    began = time.process_time()
    again = world.run(body, **plan)
    same = ROWS / (time.process_time() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{'file':<34}{len(body) / 2**20:>10.1f} MB, {ROWS:,} rows")
    print(f"{'read and validated':<34}{reading:>10,.0f} rows/s of one core")
    print(f"{'imported, new':<34}{whole:>10,.0f} rows/s of one core, {job.turn} steps: {job.outcome['new']:,} new")
    print(f"{'imported again, nothing changes':<34}{same:>10,.0f} rows/s of one core")
    print(f"{'refused':<34}{job.outcome['refused']:>10,} of {ROWS:,}: {job.outcome['reasons']}")
    print(f"{'peak memory, records included':<34}{peak:>10,} MB")
    figures = {
        "rows": ROWS,
        "read_rows_per_s_core": round(reading),
        "import_rows_per_s_core": round(whole),
        "reimport_rows_per_s_core": round(same),
        "new": job.outcome["new"],
        "refused": job.outcome["refused"],
        "unchanged_again": again.outcome["unchanged"],
        "steps": job.turn,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
