"""Deploying: what changed goes up, what did not stays, and what fails says why."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.local.deployer import DeployError, deploy
from tests.local.probe import Probe

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters: {Greeting: {Type: String, Default: hola}}
Resources:
  Layer: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer}}
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      CodeUri: function
      Handler: app.handler
      Layers: [!Ref Layer]
      Environment: {Variables: {GREETING: !Ref Greeting}}
Outputs:
  Function: {Value: !Ref Function}
"""
HANDLER = "import os\nimport said\n\ndef handler(event, context):\n    return [os.environ['GREETING'], said.WORD]\n"


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "function").mkdir()
    (tmp_path / "layer").mkdir()
    (tmp_path / "function/app.py").write_text(HANDLER)
    (tmp_path / "layer/said.py").write_text("WORD = 'one'\n")
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    return tmp_path / "template.yaml"


def call(probe: Probe, template: Path, stack: str, **parameters: str) -> Any:
    function = deploy(probe.ports.aws_url, template, stack, parameters)["Function"]
    return json.loads(probe.aws("lambda").invoke(FunctionName=function)["Payload"].read())


def test_code_layers_and_parameters_are_renewed(repaired: Probe, app: Path) -> None:
    assert call(repaired, app, "renewed") == ["hola", "one"]
    (app.parent / "layer/said.py").write_text("WORD = 'two'\n")
    assert call(repaired, app, "renewed") == ["hola", "two"]
    (app.parent / "function/app.py").write_text(HANDLER.replace("said.WORD", "said.WORD * 2"))
    assert call(repaired, app, "renewed", Greeting="adiós", Unknown="left out") == ["adiós", "twotwo"]


def test_an_unchanged_stack_is_left_alone(repaired: Probe, app: Path) -> None:
    call(repaired, app, "unchanged")
    before = repaired.aws("cloudformation").describe_stacks(StackName="unchanged")["Stacks"][0]
    call(repaired, app, "unchanged")
    assert repaired.aws("cloudformation").describe_stacks(StackName="unchanged")["Stacks"][0] == before


def test_a_failure_says_why(repaired: Probe, tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text("Resources: {Odd: {Type: 'AWS::Nobody::Knows'}}\n")
    with pytest.raises(DeployError, match="AWS::Nobody::Knows"):
        deploy(repaired.ports.aws_url, file, "failing", {})
    file.write_text(TEMPLATE)
    with pytest.raises(DeployError, match="does not exist"):
        deploy(repaired.ports.aws_url, file, "failing", {})
