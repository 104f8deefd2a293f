"""How the visible numbers of records are written: CON-7, CAM355, MSG-000001."""

from dataclasses import dataclass

MAX_PREFIX = 20
MAX_PADDING = 12


@dataclass(frozen=True, slots=True)
class Numbering:
    prefix: str = ""
    #: Digits at least; 0 writes the number without zeros in front.
    padding: int = 0

    def text(self, number: int) -> str:
        return f"{self.prefix}{number:0{self.padding}d}"
