"""A kind of backend that is not ours: one class, no change anywhere else."""

from dataclasses import dataclass

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from ml_gateway import Route, RouteIntegration
from tests.backends.conftest import DefineApi
from tests.synthesis import only, resources


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueBackend:
    """Takes requests for later, into a queue of its own."""

    name: str

    def integration_for(self, scope: Construct, route: Route) -> RouteIntegration:
        queue = sqs.Queue(scope, self.name)
        return RouteIntegration(
            integration=apigateway.AwsIntegration(service="sqs", path=queue.queue_name),
            request_parameters={"method.request.header.Content-Type": route.http_method == "POST"},
            method_responses=[apigateway.MethodResponse(status_code="202")],
            overrides={"Integration.TimeoutInMillis": "5000"},
        )


def test_all_that_it_asks_for_is_defined(define_api: DefineApi) -> None:
    template = define_api({Route(http_method="POST", path="/later"): QueueBackend(name="Later")})
    method = only(template, "AWS::ApiGateway::Method")
    assert len(resources(template, "AWS::SQS::Queue")) == 1
    assert ":sqs:path/" in str(method["Integration"]["Uri"])
    assert method["RequestParameters"] == {"method.request.header.Content-Type": True}
    assert method["MethodResponses"] == [{"StatusCode": "202"}]
    assert method["Integration"]["TimeoutInMillis"] == "5000"
    assert method["ApiKeyRequired"] is True
