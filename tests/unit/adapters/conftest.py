"""DynamoDB in the process, with the tables as infra/data.yaml declares them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from infra.local.deployer.template import load

DATA = Path(__file__).parents[3] / "infra/data.yaml"


@pytest.fixture
def dynamodb_tables(monkeypatch: pytest.MonkeyPatch) -> Callable[[], object]:
    """A context in which every table exists and its name stands in the environment."""

    @contextmanager
    def tables() -> Iterator[None]:
        with mock_aws():
            client = boto3.client("dynamodb")
            for name, resource in load(DATA)["Resources"].items():
                if resource["Type"] != "AWS::DynamoDB::Table":
                    continue
                declared = resource["Properties"]
                wanted = {k: declared[k] for k in ("KeySchema", "AttributeDefinitions", "BillingMode")}
                client.create_table(TableName=name, **wanted)
                monkeypatch.setenv(f"{name.upper()}_TABLE", name)
            yield

    return tables
