"""The declaration of the modules, kept in step with the fields that administrators add."""

from gotero.domain.custom_field import KIND, CustomField, with_custom
from gotero.domain.modules import MODULES, Declaration
from gotero.ports import Definition, Definitions


class Declared:
    """`refresh` costs nothing after a look at all definitions while no field has changed."""

    def __init__(self, definitions: Definitions, declaration: Declaration = MODULES) -> None:
        self._definitions = definitions
        self._declaration = declaration
        self._of: list[Definition] | None = None

    def refresh(self) -> None:
        """From now on the modules have the fields that are there now."""
        stored = self._definitions.seen(KIND)
        if stored is self._of:
            return
        if stored or self._of:
            in_order = sorted(stored, key=lambda d: (d.created_at, d.id))
            added = [CustomField.from_json(d.data) for d in in_order]
            self._declaration.declare(with_custom(self._declaration.shipped.values(), added))
        self._of = stored
