"""A name of your own: certificate, records, and the TLS that comes with it."""

import pytest
from aws_cdk import App, Environment, Stack

from ml_gateway import DomainConfig, EdgeDesign, GatewayDistribution
from tests.constructs.distributions import DOMAIN, ORIGIN, distribution, settings
from tests.synthesis import Json, only, resources, template_of

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"


def with_domain(domain: DomainConfig) -> Json:
    return distribution(EdgeDesign(domain=domain))


def test_without_a_name_there_is_neither_certificate_nor_record() -> None:
    template = distribution()
    assert not resources(template, "AWS::CertificateManager::Certificate")
    assert not resources(template, "AWS::Route53::RecordSet")
    assert not {"Aliases", "ViewerCertificate"} & settings(template).keys()


def test_the_hosted_zone_validates_a_certificate_for_the_name() -> None:
    template = with_domain(DOMAIN)
    (certificate_id,) = resources(template, "AWS::CertificateManager::Certificate")
    certificate = only(template, "AWS::CertificateManager::Certificate")
    assert certificate["DomainName"] == "ml.acme.com"
    assert certificate["ValidationMethod"] == "DNS"
    assert certificate["DomainValidationOptions"] == [
        {"DomainName": "ml.acme.com", "HostedZoneId": "Z0123456789ABCDEFGHIJ"}
    ]
    assert settings(template)["ViewerCertificate"]["AcmCertificateArn"] == {"Ref": certificate_id}


def test_viewers_of_an_own_name_speak_tls_1_2_and_name_the_host() -> None:
    template = with_domain(DOMAIN)
    assert settings(template)["Aliases"] == ["ml.acme.com"]
    assert settings(template)["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert settings(template)["ViewerCertificate"]["SslSupportMethod"] == "sni-only"


def test_the_name_leads_to_the_distribution_over_ipv4_and_ipv6() -> None:
    template = with_domain(DOMAIN)
    (distribution_id,) = resources(template, "AWS::CloudFront::Distribution")
    records = resources(template, "AWS::Route53::RecordSet").values()
    assert sorted(record["Type"] for record in records) == ["A", "AAAA"]
    assert {record["Name"] for record in records} == {"ml.acme.com."}
    assert {record["HostedZoneId"] for record in records} == {"Z0123456789ABCDEFGHIJ"}
    assert [record["AliasTarget"]["DNSName"] for record in records] == [
        {"Fn::GetAtt": [distribution_id, "DomainName"]}
    ] * 2


def test_a_name_in_the_middle_of_a_zone_needs_no_other_setting() -> None:
    deep = DOMAIN.model_copy(update={"name": "models.eu.ml.acme.com"})
    records = resources(with_domain(deep), "AWS::Route53::RecordSet").values()
    assert [record["Name"] for record in records] == ["models.eu.ml.acme.com."] * 2


def test_a_given_certificate_is_taken_and_no_record_made_without_a_zone() -> None:
    template = with_domain(DomainConfig(name="ml.acme.com", certificate=CERTIFICATE))
    assert settings(template)["ViewerCertificate"]["AcmCertificateArn"] == CERTIFICATE
    assert not resources(template, "AWS::CertificateManager::Certificate")
    assert not resources(template, "AWS::Route53::RecordSet")


def test_a_given_certificate_and_a_zone_make_records_alone() -> None:
    template = with_domain(DOMAIN.model_copy(update={"certificate": CERTIFICATE}))
    assert not resources(template, "AWS::CertificateManager::Certificate")
    records = resources(template, "AWS::Route53::RecordSet").values()
    assert sorted(record["Type"] for record in records) == ["A", "AAAA"]


def in_region(region: str | None, domain: DomainConfig) -> Json:
    app = App(builtin_cloud_formation_validation=False)
    stack = Stack(app, "theirs", env=Environment(region=region))
    GatewayDistribution(stack, "Edge", origin=ORIGIN, edge=EdgeDesign(domain=domain))
    return template_of(stack)


def test_no_certificate_is_defined_where_cloudfront_would_not_find_it() -> None:
    with pytest.raises(ValueError, match=r"the certificate of ml\.acme\.com cannot be defined in eu-west-1, where"):
        in_region("eu-west-1", DOMAIN)


def test_a_given_certificate_serves_a_stack_in_any_region() -> None:
    template = in_region("eu-west-1", DOMAIN.model_copy(update={"certificate": CERTIFICATE}))
    assert settings(template)["Aliases"] == ["ml.acme.com"]


def test_a_stack_whose_region_is_not_known_yet_may_define_one() -> None:
    assert resources(in_region(None, DOMAIN), "AWS::CertificateManager::Certificate")
