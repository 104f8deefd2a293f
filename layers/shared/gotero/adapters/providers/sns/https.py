"""The two GETs that SNS asks for: its certificate, and the confirmation of a subscription. Only to SNS's own hosts."""

from functools import cache

import urllib3

from gotero.adapters.providers.sns.events import is_of_sns
from gotero.domain.errors import PermanentError, TransientError

_LIMIT = 64 * 1024
_TIMEOUT = urllib3.Timeout(connect=2, read=3)


@cache
def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(num_pools=2, timeout=_TIMEOUT, retries=False)


def certificate(url: str) -> bytes:
    """The certificate in PEM. TransientError when it cannot be had now."""
    return _get(url)


def confirm(url: str) -> None:
    """Say yes to a topic."""
    _get(url)


def _get(url: str) -> bytes:
    if not is_of_sns(url):
        raise PermanentError("not an address of SNS")
    try:
        # A redirect could lead anywhere.
        answer = _pool().request("GET", url, redirect=False, preload_content=False)
        body = bytes(answer.read(_LIMIT))
        answer.release_conn()
    except urllib3.exceptions.HTTPError as error:
        raise TransientError("SNS does not answer") from error
    if answer.status != 200:
        raise TransientError("SNS does not answer")
    return body
