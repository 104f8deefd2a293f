"""Files as people bring them, and what became of their rows."""

import csv
import io
from typing import Any

from gotero.domain.job import Job
from gotero.services.import_file import refused_rows
from tests.unit.services.exchange_world import ExchangeWorld

HEAD = "Nombre;Apellidos;Correo;Población;Origen;Etiquetas;Asignado a\r\n"
COLUMNS = ["firstname", "lastname", "email", "city", "leadsource", "tags", "owner"]
LIA = "Lía;Núñez;lia@correo.example;Valencia;Feria;VIP, Prensa;Marc Soler\r\n"
IKER = "Iker;Goñi;iker@correo.example;Bilbao;Twitter;;marc@huertaturia.example\r\n"


def plain(*emails: str) -> str:
    return "email;lastname\n" + "".join(f"{email};{email.partition('@')[0]}\n" for email in emails)


def imported(world: ExchangeWorld, text: str | bytes, **asked: Any) -> Job:
    job = world.run(text, columns=["email", "lastname"], match="email", **asked)
    assert job.state == "finished"
    return job


def counts(job: Job) -> tuple[int, int, int, int]:
    new, changed, unchanged, refused = (job.outcome[name] for name in ("new", "changed", "unchanged", "refused"))
    return new, changed, unchanged, refused


def refused(world: ExchangeWorld, job: Job) -> list[list[str]]:
    refused_rows(world.files, world.stored(job))
    text = world.files.stored[f"imports/{job.id}/refused.csv"].decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=job.params["plan"]["separator"]))


def people(count: int) -> str:
    return plain(*(f"p{n}@correo.example" for n in range(count)))
