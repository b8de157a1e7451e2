"""A name of your own for the distribution."""

from typing import Final

from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from constructs import Construct

from ml_gateway.config import DomainConfig
from ml_gateway.constructs.edge_region import check_edge_region

MINIMUM_TLS: Final = cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021
"""What viewers must speak at least where the name has a certificate of its own. CloudFront's own certificate, that of
*.cloudfront.net, allows TLS 1.0 and cannot be told otherwise."""


class GatewayDomain(Construct):
    """The certificate of `domain.name`, and its records in Route 53.

    With `domain.certificate` that certificate is taken. Otherwise one is defined, which the hosted zone validates: a
    deployment waits until the zone answers for the name. With `domain.hosted_zone` the name gets alias records, for
    IPv4 and IPv6. The zone is known by its id alone: nothing is looked up at synthesis.

    Errors: a certificate to be defined in a stack whose region is known not to be us-east-1.
    """

    name: str
    certificate: acm.ICertificate

    def __init__(self, scope: Construct, construct_id: str, *, domain: DomainConfig) -> None:
        super().__init__(scope, construct_id)
        self.name = domain.name
        self._hosted_zone = (
            route53.HostedZone.from_hosted_zone_id(self, "HostedZone", domain.hosted_zone)
            if domain.hosted_zone
            else None
        )
        self.certificate = (
            acm.Certificate.from_certificate_arn(self, "Certificate", domain.certificate)
            if domain.certificate
            else self._define_certificate()
        )

    def add_alias_records(self, distribution: cloudfront.Distribution) -> None:
        """Let the name lead to `distribution`, if the hosted zone is known."""
        if self._hosted_zone is None:
            return
        # The final dot makes the name absolute. Without it the zone's name would be needed, which its id does not tell.
        absolute_name = f"{self.name}."
        target = route53.RecordTarget.from_alias(targets.CloudFrontTarget(distribution))
        route53.ARecord(self, "AliasRecord", zone=self._hosted_zone, record_name=absolute_name, target=target)
        route53.AaaaRecord(self, "Ipv6AliasRecord", zone=self._hosted_zone, record_name=absolute_name, target=target)

    def _define_certificate(self) -> acm.Certificate:
        check_edge_region(self, f"the certificate of {self.name}")
        return acm.Certificate(
            self,
            "Certificate",
            domain_name=self.name,
            validation=acm.CertificateValidation.from_dns(self._hosted_zone),
        )
