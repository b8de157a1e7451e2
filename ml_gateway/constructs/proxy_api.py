"""A regional REST API that proxies each of its routes to a backend."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final, cast

from aws_cdk import CrossStackReferences, Names, ReferenceStrength, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from ml_gateway.backends import Backend, Operation
from ml_gateway.backends.scopes import name_stage
from ml_gateway.config import GatewayConfig
from ml_gateway.config.logs import USUAL_RETENTION
from ml_gateway.config.refusals import refuse_as_in_the_file
from ml_gateway.constructs.access_log import access_log_format
from ml_gateway.constructs.api_document import ENDPOINT, PASS_BODIES_AS_THEY_ARE, Json, render_document
from ml_gateway.constructs.api_key_lock import ApiKeyLock
from ml_gateway.constructs.gateway_origin import GatewayOrigin
from ml_gateway.constructs.header_lock import HeaderLock
from ml_gateway.constructs.log_group import define_log_group
from ml_gateway.constructs.referenced import version_of
from ml_gateway.constructs.servable_routes import check_routes
from ml_gateway.design import MethodLimit, ServiceQuotas
from ml_gateway.errors import Dialect
from ml_gateway.policy import acknowledge
from ml_gateway.serving import Route

if TYPE_CHECKING:  # it takes long to load, and most gateways have none
    from ml_gateway.constructs.authorizer import Authorizer

_OF_EVERY_ACCOUNT: Final = ServiceQuotas()


class ProxyApi(Construct):
    """A REGIONAL REST API with one stage, whose every method requires an API key.

    The API is one OpenAPI document, and all that the stage serves is in it: what a deploy leaves out of `routes` is
    gone with that deploy. `errors` is the dialect of the API's own errors; None leaves API Gateway's own answers.
    `quotas` are those of the account. Errors: what the file refuses of routes, a stage, a description or a dialect.

    Nothing is callable until a key of a usage plan on `stage` exists: `GatewayUsagePlan` and `ApiKeyLock` define
    them. The access log needs the CloudWatch role of API Gateway to be set for the account and region
    (`AccessLogRole`).

    `throttle` is what the stage lets through to each method, of all callers together, beside what plans limit; None
    leaves that to the account. `tracing`: whether API Gateway sends traces to X-Ray. `encryption_key`: what encrypts
    the access log. `authorizer` tells who calls: the key that counts is the one that it says, and HTTP backends get the
    client's name as `x-client-id`.
    """

    access_log: logs.LogGroup
    rest_api: apigateway.SpecRestApi
    stage: apigateway.Stage

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        routes: Mapping[Route, Backend],
        name: str,
        description: str,
        stage_name: str = "v1",
        errors: Dialect | None = None,
        log_retention: timedelta = USUAL_RETENTION,
        throttle: MethodLimit | None = None,
        tracing: bool = False,
        encryption_key: kms.IKey | None = None,
        quotas: ServiceQuotas = _OF_EVERY_ACCOUNT,
        authorizer: "Authorizer | None" = None,
    ) -> None:
        super().__init__(scope, construct_id)
        if not routes:
            raise ValueError("routes is empty; an API needs at least one route, or it cannot be deployed")
        check_routes(routes, quotas)
        said = {"description": description, "stage": stage_name, "errors": errors}
        refuse_as_in_the_file(GatewayConfig, said, of="ProxyApi")
        self._stage_name = stage_name
        self.access_log = define_log_group(self, "AccessLog", retention=log_retention, encryption_key=encryption_key)
        backends = Construct(self, "Backends")
        name_stage(backends, stage_name)
        operations = {route: backend.operation_for(backends, route) for route, backend in routes.items()}
        document = render_document(
            operations,
            name=name,
            description=description,
            version=version_of([operation.integration for operation in operations.values()]),
            errors=errors,
            authorizer=authorizer.uri if authorizer else None,
        )
        self.rest_api = self._define_rest_api(document, self._render_stage(throttle, tracing, authorizer))
        self.stage = self.rest_api.deployment_stage
        self._permit(operations)
        if authorizer:
            self._permit_authorizer(authorizer)

    @property
    def invoke_url(self) -> str:
        """`https://<id>.execute-api.<region>.<suffix>/<stage>`, without a slash at its end."""
        return self.stage.url_for_path("/").rstrip("/")

    def origin(self, lock: ApiKeyLock | HeaderLock, *, name: str | None = None) -> GatewayOrigin:
        """This API as the origin of a distribution that opens `lock`, the API's own.

        Under the `name` of an `OriginDomain`, which may lead to other regions, too. Without one it refers to the id of
        the API, and to nothing else of it.
        """
        region = Stack.of(self).region
        return GatewayOrigin(
            domain_name=name or f"{self.rest_api.rest_api_id}.execute-api.{region}.amazonaws.com",
            # The mapping of a custom domain leads to the stage.
            origin_path="" if name else f"/{self._stage_name}",
            headers=lock.origin_headers,
            callers=lock.callers,
            after=(lock.secrets, lock),
            region=None if name else region,
        )

    def _render_stage(
        self, throttle: MethodLimit | None, tracing: bool, authorizer: "Authorizer | None"
    ) -> apigateway.StageOptions:
        return apigateway.StageOptions(
            stage_name=self._stage_name,
            access_log_destination=apigateway.LogGroupLogDestination(self.access_log),
            access_log_format=access_log_format(identified=authorizer is not None),
            throttling_rate_limit=throttle.rate if throttle else None,
            throttling_burst_limit=throttle.burst if throttle else None,
            tracing_enabled=tracing or None,
        )

    def _define_rest_api(self, document: Json, stage: apigateway.StageOptions) -> apigateway.SpecRestApi:
        info = document["info"]
        rest_api = apigateway.SpecRestApi(
            self,
            "RestApi",
            api_definition=apigateway.ApiDefinition.from_inline(document),
            # An import that merges keeps every path that was ever there.
            mode=apigateway.RestApiMode.OVERWRITE,
            fail_on_warnings=True,
            parameters=ENDPOINT,
            rest_api_name=info["title"],
            description=info["description"],
            endpoint_configuration=apigateway.EndpointConfiguration(types=[apigateway.EndpointType.REGIONAL]),
            binary_media_types=list(PASS_BODIES_AS_THEY_ARE),
            cloud_watch_role=False,
            deploy_options=stage,
        )
        resource = cast(apigateway.CfnRestApi, rest_api.node.default_child)
        # The L2 construct has no setting for this one, and gives its description to the deployment alone.
        resource.api_key_source_type = document["x-amazon-apigateway-api-key-source"]
        resource.description = info["description"]
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

    def _permit(self, operations: Mapping[Route, Operation]) -> None:
        """Let the API invoke each function that an operation names: one permission for all of its routes."""
        permissions = Construct(self, "Permissions")
        functions = [operation.function for operation in operations.values() if operation.function]
        for construct_id, function in {Names.node_unique_id(each.node): each for each in functions}.items():
            function.add_permission(
                construct_id,
                # In this stack, wherever the function is: else each of the two stacks would need the other first.
                scope=permissions,
                principal=iam.ServicePrincipal("apigateway.amazonaws.com"),
                source_arn=self.rest_api.arn_for_execute_api(),
            )

    def _permit_authorizer(self, authorizer: "Authorizer") -> None:
        """Let the API ask the function, before any deployment of it does."""
        from aws_cdk import aws_lambda as lambda_

        stack = Stack.of(self)
        permission = lambda_.CfnPermission(
            self,
            "AuthorizerPermission",
            action="lambda:InvokeFunction",
            function_name=authorizer.function.function_arn,
            principal="apigateway.amazonaws.com",
            source_arn=stack.format_arn(
                service="execute-api", resource=self.rest_api.rest_api_id, resource_name="authorizers/*"
            ),
        )
        # Function.add_permission returns nothing that could be waited for.
        if deployment := self.rest_api.latest_deployment:
            deployment.node.add_dependency(permission)
