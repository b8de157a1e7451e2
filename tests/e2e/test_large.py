"""A file of 1000 raw models and 100 openai models: one template, one deploy."""

import json
import time
from pathlib import Path
from typing import Final

import pytest

from demo.model_requests import JSON
from demo.sample_server import SampleServer
from ml_gateway import ModelConfig, PlanConfig, RequestRate
from ml_gateway.config import ServiceQuotasConfig
from ml_gateway.local.cdk_cli import CdkCli
from ml_gateway.local.cloud import Cloud
from ml_gateway.local.gateway import deployed_gateway
from ml_gateway.local.http_client import Request
from ml_gateway.policy.size_rules import MOST_BYTES
from tests.e2e.held_deploy import local_assembly
from tests.synthesis import gateway_config

pytestmark = pytest.mark.e2e

RAW: Final = 1000
OPENAI: Final = 100
RESOURCES: Final = 2500
"""More than these models make of the API. AWS has to have raised its quota of 300."""
SECONDS_TO_DEPLOY: Final = 120


def test_1100_models_are_deployed_by_one_template_in_time(cloud: Cloud, sample_server: SampleServer) -> None:
    raw = {f"raw-{number}": ModelConfig(url=f"https://model.example.com/raw/{number}") for number in range(RAW)}
    chat = {f"chat-{n}": ModelConfig(url=f"https://model.example.com/{n}/v1", protocol="openai") for n in range(OPENAI)}
    plan = PlanConfig(rate=RequestRate(1000), burst=1000)
    quotas = ServiceQuotasConfig(api_resources=RESOURCES)
    config = gateway_config(name="large", models={**raw, **chat}, plans={"default": plan}, service_quotas=quotas)
    assembly = local_assembly(config, cloud=cloud, model_server=sample_server.url)
    template = (Path(assembly) / "large-api-us-east-1.template.json").read_bytes()
    assert len(template) < MOST_BYTES
    assert len(json.loads(template)["Resources"]) < 20
    cdk = CdkCli(cloud=cloud, directory=cloud.directory / config.name, context={})
    cdk.app = str(assembly)
    started = time.monotonic()
    with deployed_gateway(config, cloud=cloud, cdk=cdk) as gateway:
        assert time.monotonic() - started < SECONDS_TO_DEPLOY
        for path, reached in (
            ("/raw-0", "/raw/0"),
            ("/raw-999", "/raw/999"),
            ("/chat-99/v1/chat/completions", "/99/v1/chat/completions"),
        ):
            answer = gateway.edge.send(Request(method="POST", path=path, body=b"{}", headers=JSON))
            assert (answer.status, answer.json()["received"]["path"]) == (200, reached)
        cdk.destroy()
