"""The name by which CloudFront reaches an API, whichever region answers."""

from collections.abc import Sequence
from typing import cast

from aws_cdk import Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from constructs import Construct, IConstruct

from ml_gateway.design import OriginName


class OriginDomain(Construct):
    """A REGIONAL custom domain of `origin.name` for a stage, with a certificate; `add_record` has the name lead there.

    The same name may be in other regions of the account. The zone is known by its id alone: nothing is looked up at
    synthesis, and a deployment waits until the zone answers for the certificate.
    """

    def __init__(self, scope: Construct, construct_id: str, *, origin: OriginName, stage: apigateway.Stage) -> None:
        super().__init__(scope, construct_id)
        self._name = origin.name
        self._zone = route53.HostedZone.from_hosted_zone_id(self, "HostedZone", origin.hosted_zone)
        certificate = acm.Certificate(
            self,
            "Certificate",
            domain_name=origin.name,
            validation=acm.CertificateValidation.from_dns(self._zone),
        )
        self._domain = apigateway.DomainName(
            self,
            "DomainName",
            domain_name=origin.name,
            certificate=certificate,
            endpoint_type=apigateway.EndpointType.REGIONAL,
            security_policy=apigateway.SecurityPolicy.TLS_1_2,
        )
        self._mapping = apigateway.BasePathMapping(
            self, "Mapping", domain_name=self._domain, rest_api=stage.rest_api, stage=stage
        )

    def add_record(self, *, health_check: route53.IHealthCheck | None, after: Sequence[IConstruct]) -> None:
        """Have Route 53 answer with this region where it is the one of least latency, and `health_check` is healthy.

        A record is live as soon as it is there, so it comes `after` all that an answer needs, and goes before.
        """
        record = route53.ARecord(
            self,
            "Record",
            zone=self._zone,
            # The final dot makes the name absolute. Without it the zone's name would be needed.
            record_name=f"{self._name}.",
            region=Stack.of(self).region,
            set_identifier=Stack.of(self).region,
            health_check=health_check,
            target=route53.RecordTarget.from_alias(targets.ApiGatewayDomain(self._domain)),
        )
        # The L2 target does not have it (aws/aws-cdk#9481).
        cast(route53.CfnRecordSet, record.node.default_child).add_property_override(
            "AliasTarget.EvaluateTargetHealth", True
        )
        record.node.add_dependency(self._mapping, *after)
