"""A backend that is a Lambda function."""

from dataclasses import dataclass
from typing import cast

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from ml_gateway.backends.backend import RouteIntegration, namespace
from ml_gateway.backends.http_proxy import timeout_of, transfer_mode_of
from ml_gateway.serving import Route


@dataclass(frozen=True, kw_only=True, slots=True)
class LambdaBackend:
    """A Lambda function that gets the whole request as a proxy event, and answers with a proxy response.

    `function` is a construct, an ARN or a name in the API's account and region; an ARN or a name may end in `:alias` or
    `:version`, and then that alone is called and permitted. Bodies arrive in base64 (`isBase64Encoded`), because
    the API treats every body as binary. The event also carries the gateway's own credentials: a proxy event cannot
    be changed, so whoever runs the function is trusted with them. `name` is the construct id of what is defined.
    """

    name: str
    function: lambda_.IFunction | str

    def integration_for(self, scope: Construct, route: Route) -> RouteIntegration:
        return RouteIntegration(
            integration=apigateway.LambdaIntegration(
                self._define_function(scope),
                timeout=timeout_of(route),
                response_transfer_mode=transfer_mode_of(route),
                # One permission for all routes of the API, instead of two for each.
                scope_permission_to_method=False,
            )
        )

    def _define_function(self, scope: Construct) -> lambda_.IFunction:
        if not isinstance(self.function, str):
            return self.function
        own = namespace(scope, self.name)
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
