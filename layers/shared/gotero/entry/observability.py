"""Logger, built once. Log lines carry ids, never addresses, names or bodies."""

from traceback import walk_tb

from aws_lambda_powertools import Logger

logger = Logger(service="gotero", log_uncaught_exceptions=False)


def log_failure(what: str, error: BaseException) -> None:
    """The type and the way to the place are enough to find it; the message could quote a person's data."""
    frames = [(frame.f_code, line) for frame, line in walk_tb(error.__traceback__)]
    way = [f"{code.co_filename.rsplit('/', 1)[-1]}:{line} {code.co_name}" for code, line in frames]
    logger.error(what, error=type(error).__name__, at=way)
