"""The templates as facts: as written, and after SAM's transform."""

from functools import cache
from pathlib import Path
from typing import Any

from samtranslator.public.translator import ManagedPolicyLoader
from samtranslator.translator.transform import transform

from infra.local.deployer.template import load

PROJECT = Path(__file__).parents[2]
ROOT = PROJECT / "template.yaml"
NESTED = (PROJECT / "infra/data.yaml", PROJECT / "infra/observability.yaml")

Resources = dict[str, dict[str, Any]]


@cache
def resources(file: Path = ROOT) -> Resources:
    found: Resources = load(file)["Resources"]
    return found


def of_type(kind: str, file: Path = ROOT) -> Resources:
    return {name: r for name, r in resources(file).items() if r["Type"] == kind}


def functions() -> Resources:
    return of_type("AWS::Serverless::Function")


class _NoManagedPolicies(ManagedPolicyLoader):  # type: ignore[misc]  # the library carries no types
    """The names of AWS's managed policies, without asking AWS."""

    def __init__(self) -> None:
        super().__init__(None)

    def load(self) -> dict[str, str]:
        return {"AWSLambdaBasicExecutionRole": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}


@cache
def transformed() -> Resources:
    """All resources of the root stack as CloudFormation sees them."""
    template = load(ROOT)
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        # What the deployer uploads; the transform only looks at the shape.
        for key in ("CodeUri", "ContentUri", "DefinitionUri"):
            if key in properties:
                properties[key] = "s3://bucket/key"
        if resource["Type"] == "AWS::Serverless::Application":
            properties["Location"] = "https://bucket.s3.amazonaws.com/key"
    parameters = {name: p.get("Default", "") for name, p in template["Parameters"].items()}
    after = transform(template, {**parameters, "AWS::Region": "eu-west-1"}, _NoManagedPolicies())
    found: Resources = after["Resources"]
    return found
