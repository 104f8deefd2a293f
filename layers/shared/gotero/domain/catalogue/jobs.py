"""The kinds of background job."""

from collections.abc import Mapping
from typing import Literal

TEXT: Mapping[Literal["es", "en"], Mapping[str, str]] = {
    "es": {"campaign_send": "Envío de campaña"},
    "en": {"campaign_send": "Campaign send"},
}
