"""`TimeToLiveSpecification` of a template takes effect, and the sweep follows the clock of the stack.

Stock: `services/cloudformation/provisioners._ddb_create` and `_ddb_update` ignore the property, so the status stays
DISABLED; `services/dynamodb._ttl_reaper` compares with real time only.
"""

import contextlib
import logging
import threading
from typing import Any

from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

from infra.local.emulator import Emulator

SWEEP_SECONDS = 60
log = logging.getLogger("gotero.local.ttl")


def apply(emulator: Emulator) -> None:
    handlers = provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]
    stock_create, stock_update = handlers["create"], handlers["update"]

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        result = stock_create(logical_id, props, stack_name)
        _set(result[0], props)
        return result

    def update(physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any, **kwargs: Any) -> Any:
        result = stock_update(physical_id, old, new, *rest, **kwargs)
        _set(result[0] if isinstance(result, tuple) else physical_id, new)
        return result

    handlers["create"], handlers["update"] = create, update
    wake = threading.Event()
    emulator.clock.on_move(lambda _: wake.set())
    threading.Thread(target=_sweep_forever, args=(emulator, wake), daemon=True, name="local-ttl").start()


def _set(table: str, props: dict[str, Any]) -> None:
    specification = props.get("TimeToLiveSpecification") or {}
    enabled = str(specification.get("Enabled", "")).lower() == "true"
    if enabled:
        dynamodb._update_ttl({"TableName": table, "TimeToLiveSpecification": {**specification, "Enabled": True}})
    else:
        dynamodb._ttl_settings.pop(table, None)


def _sweep_forever(emulator: Emulator, wake: threading.Event) -> None:
    while True:
        wake.wait(SWEEP_SECONDS)
        wake.clear()
        try:
            sweep(emulator.clock.now())
        except Exception:
            log.exception("the sweep of expired items failed; the next one follows in a minute")


def sweep(now: float) -> None:
    with dynamodb._lock:
        for (account, region, name), setting in list(dynamodb._ttl_settings.all_items()):
            table = dynamodb._tables.get_scoped(account, region, name)
            if not table or setting.get("TimeToLiveStatus") != "ENABLED":
                continue
            attribute = setting["AttributeName"]
            for partition, items in list(table["items"].items()):
                for sort, item in list(items.items()):
                    if _expired(item.get(attribute), now):
                        dynamodb._remove_item(table, partition, sort)


def _expired(value: Any, now: float) -> bool:
    with contextlib.suppress(KeyError, ValueError, TypeError):
        return float(value["N"]) <= now
    return False
