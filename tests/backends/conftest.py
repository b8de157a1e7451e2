"""An API in a throw-away stack, for whatever backend a test is about."""

from collections.abc import Callable, Mapping

import pytest
from aws_cdk import Stack

from ml_gateway import Backend, ProxyApi, Route
from tests.synthesis import Json, bare_stack, resources, template_of

DefineApi = Callable[[Mapping[Route, Backend]], Json]


def deployment_of(routes: Mapping[Route, Backend]) -> str:
    """The logical id of the deployment of an API with these routes: another one means that it is deployed anew."""
    stack = bare_stack(region="eu-west-1")
    ProxyApi(stack, "Api", routes=routes, name="theirs", description="Models of theirs")
    (logical_id,) = resources(template_of(stack), "AWS::ApiGateway::Deployment")
    return logical_id


@pytest.fixture
def stack() -> Stack:
    return bare_stack(region="eu-west-1")


@pytest.fixture
def define_api(stack: Stack) -> DefineApi:
    """Define an API with these routes; its template."""

    def define(routes: Mapping[Route, Backend]) -> Json:
        ProxyApi(stack, "Api", routes=routes, name="theirs", description="Models of theirs")
        return template_of(stack)

    return define
