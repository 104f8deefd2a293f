"""`Ref` of a secret is its ARN.

Stock: `services/cloudformation/provisioners._sm_secret_create` answers the name, so a policy with `!Ref Secret` (and
`!Ref` in an environment variable) names no resource, and every read is denied where IAM is enforced.
"""

from typing import Any

from ministack.services.cloudformation import provisioners

from infra.local.emulator import Emulator


def apply(emulator: Emulator) -> None:
    handlers = provisioners._RESOURCE_HANDLERS["AWS::SecretsManager::Secret"]
    stock_create, stock_update, stock_delete = handlers["create"], handlers["update"], handlers["delete"]

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
        _, attributes = stock_create(logical_id, props, stack_name)
        return attributes["Arn"], attributes

    def update(
        physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str, logical_id: Any = None
    ) -> Any:
        result = stock_update(_name(physical_id), old, new, stack_name, logical_id)
        attributes = result[1] if isinstance(result, tuple) else {}
        return attributes.get("Arn", physical_id), attributes

    def delete(physical_id: str, props: dict[str, Any]) -> Any:
        return stock_delete(_name(physical_id), props)

    handlers["create"], handlers["update"], handlers["delete"] = create, update, delete


def _name(physical_id: str) -> str:
    if not physical_id.startswith("arn:"):
        return physical_id
    return physical_id.split(":secret:", 1)[1].rsplit("-", 1)[0]
