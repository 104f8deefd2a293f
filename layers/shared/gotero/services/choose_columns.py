"""Which columns a person wants to see of each module's list, and in which order; kept with the person."""

from collections.abc import Sequence

from gotero.domain import modules
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.record import Cause
from gotero.ports import Definitions
from gotero.services.write_definition import DefinitionWriter, create_definition, replace_definition, written

KIND = "preferences"
MOST = 30


def chosen_columns(definitions: Definitions, user_id: str, module_id: str) -> list[str]:
    """As chosen, without those that are no columns any more; as declared, where nothing was chosen."""
    module = modules.module(module_id)
    found = definitions.get(KIND, user_id)
    chosen = found.data.get("columns", {}).get(module_id) if found else None
    return [name for name in chosen or module.list_columns if module.column(name)]


def choose_columns(writer: DefinitionWriter, user_id: str, module_id: str, columns: Sequence[str]) -> list[str]:
    """None of them: as declared again. InvalidError for what is no column."""
    module = modules.module(module_id)
    wrong = [i for i, name in enumerate(columns) if module.column(name) is None or name in columns[:i]]
    if wrong:
        raise InvalidError(*(FieldError(f"columns[{i}]", "unknown_field") for i in wrong))
    cause = Cause("user", user_id)
    before = writer.definitions.get(KIND, user_id)
    if before is None:
        create_definition(writer, KIND, {"columns": {module_id: list(columns)}}, cause=cause, id=user_id)
    else:
        kept = written(before)
        data = {**kept, "columns": {**kept.get("columns", {}), module_id: list(columns)}}
        replace_definition(writer, before, data, cause=cause, expected_version=None)
    return chosen_columns(writer.definitions, user_id, module_id)
