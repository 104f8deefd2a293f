"""How the account stands: what came back in the last day, the limits, and whether the brake is on."""

from gotero.domain.deliverability import WINDOW_HOURS, Tally
from gotero.ports import Json
from gotero.services.brake import BrakeDesk, account_windows
from gotero.services.count_soft_bounces import read_policy


def read_deliverability(desk: BrakeDesk, quota: Json | None) -> Json:
    """`quota` is what the provider grants; None when it could not be asked."""
    brake = desk.brakes.get()
    windows = account_windows(desk, brake)
    total = sum(windows.values(), Tally())
    policy = read_policy(desk.definitions)
    return {
        "window_hours": WINDOW_HOURS,
        "account": total.to_json(),
        "warning": policy.warned(total),
        "limits": policy.to_json(),
        "brake": brake.to_json(),
        "hours": [{"at": f"{hour}:00:00.000Z", **tally.to_json()} for hour, tally in sorted(windows.items())],
        "quota": quota,
    }
