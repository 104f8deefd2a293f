"""What the doctor says: the name of a check, what it found (`check.finding`), what to do (`check.finding.step`)."""

from collections.abc import Mapping
from typing import Literal

from gotero.domain.catalogue.doctor import en, es

TEXT: Mapping[Literal["es", "en"], Mapping[str, str]] = {"es": es.TEXT, "en": en.TEXT}
