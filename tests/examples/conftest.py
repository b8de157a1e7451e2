"""Each example app is synthesized once a session."""

from typing import Any

import pytest
from aws_cdk import Environment

from examples.ec2_instance.app import ScoringInstanceStack
from examples.ecs_service.app import LlamaServiceStack
from examples.lambda_model.app import IrisFunctionStack
from examples.own_backend.app import EmbeddingStack
from examples.sagemaker_endpoint.app import FraudEndpointStack
from tests.synthesis import Json, new_app, template_of

REGION = Environment(region="us-east-1")


@pytest.fixture(scope="session")
def sagemaker_endpoint() -> Json:
    return template_of(FraudEndpointStack(new_app(), "example", env=REGION))


@pytest.fixture(scope="session")
def lambda_model() -> Json:
    return template_of(IrisFunctionStack(new_app(), "example", env=REGION))


@pytest.fixture(scope="session")
def ecs_service() -> Json:
    return template_of(LlamaServiceStack(new_app(), "example", env=REGION))


@pytest.fixture(scope="session")
def ec2_instance() -> Json:
    return template_of(ScoringInstanceStack(new_app(), "example", env=REGION))


@pytest.fixture(scope="session")
def own_backend() -> Json:
    return template_of(EmbeddingStack(new_app(), "example", env=REGION))


@pytest.fixture
def template(request: pytest.FixtureRequest) -> Any:
    """The template of the example that a test is parametrised with."""
    return request.getfixturevalue(request.param)
