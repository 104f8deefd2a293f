"""The webhook that people define, and how much of an event is kept."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotero.domain.errors import InvalidError
from gotero.domain.webhook import Webhook, bounded, parse

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:gotero/webhooks/sendgrid-AbCdEf"
PARAMETER = "arn:aws:ssm:eu-west-1:123456789012:parameter/gotero/webhooks/postmark"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:mail"


def paths(data: Any) -> set[str]:
    with pytest.raises(InvalidError) as refused:
        parse(data)
    return {error.path for error in refused.value.errors}


@pytest.mark.parametrize(
    "data",
    [
        {"provider": "sendgrid", "signing": [SECRET, PARAMETER]},
        {"provider": "postmark", "authorization": [PARAMETER]},
        {"provider": "mailgun", "signing": [SECRET], "authorization": [PARAMETER]},
        {"provider": "brevo", "authorization": [SECRET]},
        {"provider": "sns", "topics": [TOPIC, TOPIC + ".fifo"]},
    ],
)
def test_a_webhook_reads_back_as_it_was_written(data: dict[str, Any]) -> None:
    webhook = parse({"name": "mail", **data})
    assert Webhook.from_json(json.loads(json.dumps(webhook.to_json()))) == webhook


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"provider": "sendgrid"}, {"authorization"}),
        ({"provider": "postmark", "signing": [SECRET]}, {"signing", "authorization"}),
        ({"provider": "mailgun", "authorization": [SECRET]}, {"signing"}),
        ({"provider": "sns", "authorization": [SECRET]}, {"topics"}),
        ({"provider": "sns", "topics": ["arn:aws:sqs:eu-west-1:123456789012:mail"]}, {"topics[0]"}),
        ({"provider": "brevo", "authorization": ["user:password"]}, {"authorization[0]"}),
        (
            {"provider": "brevo", "authorization": [SECRET.replace("gotero/webhooks", "gotero/tokens")]},
            {"authorization[0]"},
        ),
        ({"provider": "brevo", "authorization": [SECRET + "\n"]}, {"authorization[0]"}),
        ({"provider": "resend", "authorization": [SECRET]}, {"provider"}),
        ({"provider": "brevo", "authorization": [SECRET], "secret": "x"}, {"secret"}),
    ],
)
def test_what_proves_nothing_is_no_webhook(data: dict[str, Any], wrong: set[str]) -> None:
    assert wrong <= paths({"name": "mail", **data})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.characters(), max_size=3000),
        lambda inner: st.lists(inner, max_size=60) | st.dictionaries(st.text(max_size=300), inner, max_size=60),
        max_leaves=80,
    )
)
def test_what_is_kept_is_bounded_and_bounding_it_again_changes_nothing(value: Any) -> None:
    kept = bounded(value)
    json.dumps(kept, ensure_ascii=False).encode()
    if isinstance(value, str):
        assert len(kept) <= 2000
    assert bounded(kept) == kept
    if not isinstance(value, str | dict | list):
        assert kept == value


def test_the_deepest_and_the_longest_are_cut() -> None:
    deep: Any = "x"
    for _ in range(500):
        deep = {"a": deep}
    assert len(json.dumps(bounded(deep))) < 100
    assert len(bounded(list(range(1000)))) == 50
    assert bounded("x" * 5000) == "x" * 1999 + "…"


def test_what_no_queue_takes_is_replaced() -> None:
    event = json.loads('{"a\\ud800": "\\udfff\\uffff ok \\ud83d\\ude00"}')
    assert bounded(event) == {"a\ufffd": "\ufffd\ufffd ok \U0001f600"}
