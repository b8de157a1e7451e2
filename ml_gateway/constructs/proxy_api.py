"""A regional REST API that proxies each of its routes to a backend."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, cast

from aws_cdk import CrossStackReferences, ReferenceStrength, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_logs as logs
from constructs import Construct

from ml_gateway.backends import Backend
from ml_gateway.config.logs import USUAL_RETENTION
from ml_gateway.constructs.access_log import access_log_format
from ml_gateway.constructs.api_key_lock import ApiKeyLock
from ml_gateway.constructs.gateway_origin import GatewayOrigin
from ml_gateway.constructs.header_lock import HeaderLock
from ml_gateway.constructs.log_group import define_log_group
from ml_gateway.policy import acknowledge
from ml_gateway.serving import Route

PASS_BODIES_AS_THEY_ARE: Final = ["*/*"]
"""API Gateway picks the binary treatment by the *first* type in a request's Accept header: any narrower list damages
binary answers to `Accept: */*`."""


class ProxyApi(Construct):
    """A REGIONAL REST API with one stage, whose every method requires an API key.

    Nothing is callable until a key of a usage plan on `stage` exists: `GatewayUsagePlan` and `ApiKeyLock` define
    them. The access log needs the CloudWatch role of API Gateway to be set for the account and region
    (`AccessLogRole`).
    """

    access_log: logs.LogGroup
    rest_api: apigateway.RestApi
    stage: apigateway.Stage
    methods: Mapping[Route, apigateway.Method]

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        routes: Mapping[Route, Backend],
        name: str,
        description: str,
        stage_name: str = "v1",
        log_retention: timedelta = USUAL_RETENTION,
    ) -> None:
        super().__init__(scope, construct_id)
        if not routes:
            raise ValueError("routes is empty; an API needs at least one route, or it cannot be deployed")
        self._stage_name = stage_name
        self.access_log = define_log_group(self, "AccessLog", retention=log_retention)
        self.rest_api = self._define_rest_api(name, description, stage_name)
        self.stage = self.rest_api.deployment_stage
        self._backends = Construct(self, "Backends")
        self.methods = {route: self._define_method(route, backend) for route, backend in routes.items()}

    @property
    def invoke_url(self) -> str:
        """`https://<id>.execute-api.<region>.<suffix>/<stage>`, without a slash at its end."""
        return self.stage.url_for_path("/").rstrip("/")

    def origin(self, lock: ApiKeyLock | HeaderLock) -> GatewayOrigin:
        """This API as the origin of a distribution that opens `lock`, the API's own.

        The id of the API is all that it refers to.
        """
        region = Stack.of(self).region
        return GatewayOrigin(
            domain_name=f"{self.rest_api.rest_api_id}.execute-api.{region}.amazonaws.com",
            origin_path=f"/{self._stage_name}",
            headers=lock.origin_headers,
            callers=lock.callers,
            lock=lock,
            region=region,
        )

    def _define_rest_api(self, name: str, description: str, stage_name: str) -> apigateway.RestApi:
        rest_api = apigateway.RestApi(
            self,
            "RestApi",
            rest_api_name=name,
            description=description,
            endpoint_configuration=apigateway.EndpointConfiguration(types=[apigateway.EndpointType.REGIONAL]),
            binary_media_types=PASS_BODIES_AS_THEY_ARE,
            api_key_source_type=apigateway.ApiKeySourceType.HEADER,
            cloud_watch_role=False,
            deploy_options=apigateway.StageOptions(
                stage_name=stage_name,
                access_log_destination=apigateway.LogGroupLogDestination(self.access_log),
                access_log_format=access_log_format(),
            ),
        )
        # Between regions a strong reference would tie two stacks together with custom resources that cannot be undone
        # (aws-cdk#25343). It is said here because an app without our feature flags has to get the same.
        CrossStackReferences.of(rest_api).produce(ReferenceStrength.WEAK)
        # RestApi always adds an output of its own, whose URL ends in a slash; stacks declare what they output.
        rest_api.node.try_remove_child("Endpoint")
        acknowledge(rest_api, "AwsSolutions-APIG2", "bodies belong to the model: it alone knows what it accepts")
        acknowledge(
            rest_api,
            "AwsSolutions-APIG6",
            "the access log has a line for each request; an execution log "
            "at INFO level would add request headers, credentials among them",
        )
        return rest_api

    def _define_method(self, route: Route, backend: Backend) -> apigateway.Method:
        bound = backend.integration_for(self._backends, route)
        method = self.rest_api.root.resource_for_path(route.path).add_method(
            route.http_method,
            bound.integration,
            api_key_required=True,
            authorization_type=apigateway.AuthorizationType.NONE,
            request_parameters=bound.request_parameters or None,
            method_responses=bound.method_responses or None,
        )
        self._override(method, bound.overrides)
        acknowledge(method, "AwsSolutions-APIG4", "every method requires an API key, which only the gateway hands out")
        acknowledge(method, "AwsSolutions-COG4", "callers are services that hold keys; there are no user pools")
        return method

    def _override(self, method: apigateway.Method, overrides: Mapping[str, str]) -> None:
        """Set what the L2 construct lacks, as part of the deployment: its hash leaves overrides out (aws-cdk#8024)."""
        resource = cast(apigateway.CfnMethod, method.node.default_child)
        deployment = self.rest_api.latest_deployment
        for name, value in overrides.items():
            resource.add_property_override(name, value)
            if deployment:
                deployment.add_to_logical_id({method.node.path: {name: value}})
