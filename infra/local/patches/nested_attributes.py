"""What did not change in a nested stack keeps its attributes when the stack is updated.

Stock: `services/cloudformation/provisioners._cfn_nested_stack_deploy` calls `_update_resource` without the attributes
of before, so `GetAtt` of an unchanged table finds none, and the whole update ends in UPDATE_ROLLBACK_FAILED.
"""

from typing import Any

from ministack.services import cloudformation
from ministack.services.cloudformation import provisioners

from infra.local.emulator import Emulator


def apply(emulator: Emulator) -> None:
    stock_update = provisioners._update_resource

    def update(
        kind: str,
        physical_id: str,
        old: dict[str, Any],
        new: dict[str, Any],
        stack_name: str,
        logical_id: str | None = None,
        old_attrs: dict[str, Any] | None = None,
    ) -> Any:
        if old_attrs is None:
            before = (cloudformation._stacks.get(stack_name) or {}).get("_resources", {})
            old_attrs = before.get(logical_id, {}).get("Attributes")
        return stock_update(kind, physical_id, old, new, stack_name, logical_id, old_attrs)

    provisioners._update_resource = update
