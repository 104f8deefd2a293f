"""The environment of a function, read when used and failing by the variable's name."""

import os


class MissingSettingError(RuntimeError):
    """The template did not give this function a variable that it needs."""


def setting(name: str) -> str:
    """The value of an environment variable that must be there."""
    value = os.environ.get(name)
    if not value:
        raise MissingSettingError(f"environment variable {name} is not set")
    return value


def optional(name: str) -> str:
    """The value of an environment variable, or an empty text."""
    return os.environ.get(name, "")
