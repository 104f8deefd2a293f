"""A shard is asked four times a second while there is something for the function, and read on where there is not."""

import time
from types import SimpleNamespace
from typing import Any

import pytest

from infra.local.patches.dynamodb_stream_mapping import POLL_SECONDS, Progress, _Poller

lambda_svc: Any = pytest.importorskip("ministack.services.lambda_svc")


@pytest.mark.parametrize("wanted", [True, False])
def test_the_next_batch_is_asked_for_a_quarter_of_a_second_after_this_one(
    monkeypatch: pytest.MonkeyPatch, wanted: bool
) -> None:
    poller, progress, woken = _Poller(0.1), Progress(busy=True), []
    monkeypatch.setattr(poller, "_one_batch", lambda *_: wanted)
    monkeypatch.setattr(lambda_svc, "_esm_wake", SimpleNamespace(set=lambda: woken.append(time.monotonic())))
    began = time.monotonic()
    poller._work({"UUID": "u"}, {}, "Records", progress)
    assert not progress.busy
    assert (progress.not_before >= began + POLL_SECONDS) is wanted
    limit = began + 5
    while not woken and time.monotonic() < limit:
        time.sleep(0.01)
    assert woken, "nobody looks again"
    assert (woken[0] - began >= POLL_SECONDS) is wanted
