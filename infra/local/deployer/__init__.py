"""Deploys `template.yaml` to the emulator as `sam deploy` does to AWS, without a build: code goes up as it lies there.

The functions run in the emulator's own environment, so third-party layers go up empty. About a second the first time,
a fraction of it when nothing changed.
"""

from infra.local.deployer.deploy import DeployError, deploy

__all__ = ["DeployError", "deploy"]
