"""A backend that is a Lambda function."""

from dataclasses import dataclass
from typing import cast

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from ml_gateway.backends.backend import Operation, travel
from ml_gateway.backends.checked import check
from ml_gateway.backends.scopes import namespace, tell
from ml_gateway.config import LambdaBackendConfig
from ml_gateway.serving import Route


@dataclass(frozen=True, kw_only=True, slots=True)
class LambdaBackend:
    """A Lambda function that gets the whole request as a proxy event, and answers with a proxy response.

    `function` is a construct, an ARN or a name in the API's account and region; an ARN or a name may end in `:alias` or
    `:version`, and then that alone is called and permitted. Bodies arrive in base64 (`isBase64Encoded`), because
    the API treats every body as binary; synthesis says so once. For a route that streams the function has to answer in
    another form: JSON of status and headers, 8 null bytes, the body (docs/backends.md). The event also carries the
    gateway's own credentials: a proxy event cannot be changed, so whoever runs the function is trusted with them.
    `name` is the construct id of what is defined.
    """

    name: str
    function: lambda_.IFunction | str

    def __post_init__(self) -> None:
        check(self, LambdaBackendConfig)

    def operation_for(self, scope: Construct, route: Route) -> Operation:
        function = self._define_function(scope)
        # API Gateway Developer Guide, "Response streaming with Lambda proxy integrations": a URI of its own.
        version, invocations = (
            ("2021-11-15", "response-streaming-invocations") if route.streams else ("2015-03-31", "invocations")
        )
        uri = Stack.of(scope).format_arn(
            service="apigateway",
            account="lambda",
            resource="path",
            resource_name=f"{version}/functions/{function.function_arn}/{invocations}",
        )
        # A function is invoked by POST, whatever the caller's method.
        return Operation(
            integration={"type": "aws_proxy", "httpMethod": "POST", "uri": uri, **travel(route)}, function=function
        )

    def _define_function(self, scope: Construct) -> lambda_.IFunction:
        own = namespace(scope, self.name, first=_tell_of_base64)
        if not isinstance(self.function, str):
            return self.function
        found = own.node.try_find_child("Function")
        if found:
            return cast(lambda_.IFunction, found)
        # from_function_arn would define no permission in a stack without an account: every call would end in a 500.
        return lambda_.Function.from_function_attributes(
            own, "Function", function_arn=self._arn(Stack.of(scope)), same_environment=True
        )

    def _arn(self, stack: Stack) -> str:
        function = str(self.function)
        if function.startswith("arn:"):
            return function
        return stack.format_arn(
            service="lambda", resource="function", resource_name=function, arn_format=ArnFormat.COLON_RESOURCE_NAME
        )


def _tell_of_base64(own: Construct) -> None:
    # API Gateway Developer Guide, "Lambda proxy integrations in API Gateway", input format. All bodies are binary here.
    text = (
        'the function gets event["body"] in base64, also of JSON (isBase64Encoded says so); docs/backends.md has the '
        "lines that decode it"
    )
    tell(own, "LambdaGetsBase64", text)
