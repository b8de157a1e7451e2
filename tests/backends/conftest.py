"""An API in a throw-away stack, for whatever backend a test is about."""

from collections.abc import Callable, Mapping

import pytest
from aws_cdk import App, Environment, Stack

from ml_gateway import Backend, ProxyApi, Route
from tests.synthesis import Json, resources, template_of

DefineApi = Callable[[Mapping[Route, Backend]], Json]


def new_stack() -> Stack:
    """A stack without an account, in an app without our feature flags."""
    return Stack(App(builtin_cloud_formation_validation=False), "theirs", env=Environment(region="eu-west-1"))


def deployment_of(routes: Mapping[Route, Backend]) -> str:
    """The logical id of the deployment of an API with these routes: another one means that it is deployed anew."""
    stack = new_stack()
    ProxyApi(stack, "Api", routes=routes, name="theirs", description="Models of theirs")
    (logical_id,) = resources(template_of(stack), "AWS::ApiGateway::Deployment")
    return logical_id


@pytest.fixture
def stack() -> Stack:
    return new_stack()


@pytest.fixture
def define_api(stack: Stack) -> DefineApi:
    """Define an API with these routes; its template."""

    def define(routes: Mapping[Route, Backend]) -> Json:
        ProxyApi(stack, "Api", routes=routes, name="theirs", description="Models of theirs")
        return template_of(stack)

    return define
