"""Calls past the SDK's layers: signed and told as the SDK does it, tried again only where that is no second mail."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.parsers import ResponseParserError
from hypothesis import given
from hypothesis import strategies as st

from gotero.adapters.aws.clients import DirectMail
from gotero.adapters.aws.signed_calls import Json, SignedCalls
from gotero.adapters.dynamodb.direct import DirectClient

Answer = Callable[[Any], AWSResponse]
KEYS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "s+/e=cret", "region_name": "eu-west-1"}


class _Raw:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, *_: Any, **__: Any) -> Any:
        yield self._body


def _response(status: int, body: Any, **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    told: Any = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request: AWSResponse(request.url, status, told, _Raw(content))


def _lost(request: Any) -> AWSResponse:
    raise ReadTimeoutError(endpoint_url=request.url)


def _client(service: str, *answers: Answer, token: str | None = None) -> tuple[Any, list[Any]]:
    """A client whose calls are answered in this order, and the requests that it made."""
    config = Config(parameter_validation=False, retries={"total_max_attempts": 4, "mode": "standard"})
    client: Any = boto3.client(service, config=config, aws_session_token=token, **KEYS)  # type: ignore[call-overload]
    left, made = list(answers), list[Any]()

    def answer(request: Any, **_: Any) -> AWSResponse:
        made.append(request)
        return left.pop(0)(request)

    client.meta.events.register("before-send.*.*", answer)
    return client, made


@given(body=st.dictionaries(st.text(), st.text() | st.integers()), token=st.sampled_from([None, "tok/en+=="]))
def test_a_request_is_signed_as_the_sdk_signs_it(body: Json, token: str | None) -> None:
    client, made = _SIGNED.setdefault(token, _client("dynamodb", *[_response(200, {})] * 500, token=token))
    made.clear()
    SignedCalls(client, "application/x-amz-json-1.0", "DynamoDB_20120810").post("PutItem", body)
    [sent] = made
    signed = sent.headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    again = AWSRequest("POST", sent.url, {name: sent.headers[name] for name in signed}, sent.body)
    again.context["timestamp"] = sent.headers["x-amz-date"]
    signer = SigV4Auth(Credentials("AKIDEXAMPLE", "s+/e=cret", token), "dynamodb", "eu-west-1")
    signature = signer.signature(signer.string_to_sign(again, signer.canonical_request(again)), again)
    assert sent.headers["authorization"].endswith(f"Signature={signature}")
    assert f"Credential={signer.scope(again)}," in sent.headers["authorization"]
    assert (token is None) == ("x-amz-security-token" not in signed)
    assert json.loads(sent.body) == body


_SIGNED: dict[str | None, tuple[Any, list[Any]]] = {}


@pytest.mark.parametrize(
    ("answer", "code", "message"),
    [
        (_response(400, {"__type": "com.amazonaws.dynamodb.v20120810#X", "message": "no"}), "X", "no"),
        (_response(429, {"message": "no"}, x_amzn_errortype="TooMany:http://internal/"), "TooMany", "no"),
        (_response(500, b"<html>"), "500", ""),
        (_response(403, []), "403", ""),
    ],
)
def test_a_refusal_is_told_as_the_sdk_tells_it(answer: Answer, code: str, message: str) -> None:
    client, _ = _client("sesv2", answer)
    with pytest.raises(ClientError) as refused:
        SignedCalls(client, "application/json").post("SendEmail", {})
    assert refused.value.response["Error"] == {"Code": code, "Message": message}


def test_an_acceptance_that_cannot_be_read_is_no_refusal() -> None:
    client, _ = _client("sesv2", _response(200, b"<html>"))
    with pytest.raises(ResponseParserError):
        SignedCalls(client, "application/json").post("SendEmail", {})


@pytest.mark.parametrize("first", [_lost, _response(500, {}), _response(429, {"__type": "Throttling"})])
def test_a_mail_is_handed_over_once_whatever_comes_back(first: Answer) -> None:
    client, made = _client("sesv2", first, _response(200, {"MessageId": "second"}))
    with pytest.raises((ClientError, ReadTimeoutError)):
        DirectMail(client).send_email(Content={"Raw": {"Data": b"\x00mime"}})
    assert [json.loads(request.body) for request in made] == [{"Content": {"Raw": {"Data": "AG1pbWU="}}}]
    assert made[0].url == "https://email.eu-west-1.amazonaws.com/v2/email/outbound-emails"


@pytest.mark.parametrize(
    "first",
    [
        _lost,
        _response(500, {}),
        _response(400, {"__type": "a#ProvisionedThroughputExceededException"}),
        _response(200, b"<"),
    ],
)
def test_a_table_is_asked_again_as_the_sdk_asks_and_a_transaction_stays_one(first: Answer) -> None:
    client, made = _client("dynamodb", first, _response(200, {}))
    DirectClient(client)._make_api_call("TransactWriteItems", {"TransactItems": []})
    tokens = {json.loads(request.body)["ClientRequestToken"] for request in made}
    assert len(made) == 2
    assert len(tokens) == 1


def test_a_condition_that_does_not_hold_is_asked_once() -> None:
    refusal = {"__type": "a#ConditionalCheckFailedException", "message": "no", "Item": {"pk": {"S": "a"}}}
    client, made = _client("dynamodb", _response(400, refusal))
    with pytest.raises(ClientError) as refused:
        DirectClient(client)._make_api_call("PutItem", {"TableName": "T", "Item": {}})
    assert refused.value.response["Error"]["Code"] == "ConditionalCheckFailedException"
    assert len(made) == 1


def _cancelled(*codes: str) -> Answer:
    return _response(
        400, {"__type": "a#TransactionCanceledException", "CancellationReasons": [{"Code": c} for c in codes]}
    )


_CONFLICT = _response(400, {"__type": "a#TransactionConflictException"})


@pytest.mark.parametrize("met", [_CONFLICT, _cancelled("None", "TransactionConflict"), _cancelled("ThrottlingError")])
def test_what_meets_another_transaction_waits_a_moment_and_is_written(met: Answer) -> None:
    client, made = _client("dynamodb", met, met, _response(200, {}))
    paused: list[float] = []
    DirectClient(client, paused.append)._make_api_call("TransactWriteItems", {"TransactItems": []})
    assert len(made) == 3
    assert len(paused) == 2
    assert all(0 <= pause <= 0.04 for pause in paused)


def test_whoever_meets_others_all_the_time_is_told_so() -> None:
    client, made = _client("dynamodb", *[_CONFLICT] * 6)
    with pytest.raises(ClientError, match="TransactionConflictException"):
        DirectClient(client, lambda pause: None)._make_api_call("UpdateItem", {"TableName": "T"})
    assert len(made) == 6


@pytest.mark.parametrize("codes", [("ConditionalCheckFailed", "TransactionConflict"), ("ValidationError",), ("None",)])
def test_a_transaction_that_is_refused_for_what_it_says_is_asked_once(codes: tuple[str, ...]) -> None:
    client, made = _client("dynamodb", _cancelled(*codes))
    with pytest.raises(ClientError):
        DirectClient(client)._make_api_call("TransactWriteItems", {"TransactItems": []})
    assert len(made) == 1
