"""The one name behind which all regions are: its certificate, its records, and that the edge knows nothing else."""

from collections.abc import Sequence

import pytest

from ml_gateway import (
    DomainConfig,
    EdgeConfig,
    FirewallConfig,
    RegionConfig,
    RequestWindow,
)
from tests.stacks.regional import (
    CHECK,
    DISTRIBUTION,
    DOMAIN,
    ONE,
    RECORD,
    THREE,
    TWO,
    ZONE,
    apis_of,
    of_regions,
)
from tests.synthesis import Json, Templates, only, resources, synthesize


@pytest.mark.parametrize("regions", [ONE, TWO], ids=len)
def test_each_region_has_the_name_with_a_certificate_and_a_mapping_to_its_stage(regions: Sequence[str]) -> None:
    for api in apis_of(synthesize(of_regions(regions))).values():
        (certificate,), (domain,), (stage,), (rest_api,) = (
            resources(api, f"AWS::{kind}")
            for kind in (
                "CertificateManager::Certificate",
                "ApiGateway::DomainName",
                "ApiGateway::Stage",
                "ApiGateway::RestApi",
            )
        )
        named = only(api, "AWS::ApiGateway::DomainName")
        assert named["DomainName"] == only(api, "AWS::CertificateManager::Certificate")["DomainName"]
        assert named["DomainName"] == "origin.ml.acme.com"
        assert named["EndpointConfiguration"] == {"Types": ["REGIONAL"]}
        assert named["RegionalCertificateArn"] == {"Ref": certificate}
        assert only(api, "AWS::ApiGateway::BasePathMapping") == {
            "DomainName": {"Ref": domain},
            "RestApiId": {"Ref": rest_api},
            "Stage": {"Ref": stage},
        }
        record = only(api, RECORD)
        assert record["HostedZoneId"] == ZONE
        assert record["SetIdentifier"] == record["Region"]
        assert record["AliasTarget"] == {
            "DNSName": {"Fn::GetAtt": [domain, "RegionalDomainName"]},
            "HostedZoneId": {"Fn::GetAtt": [domain, "RegionalHostedZoneId"]},
            "EvaluateTargetHealth": True,
        }


def test_a_record_comes_after_everything_else_in_its_stack(two: Templates) -> None:
    for api in apis_of(two).values():
        (record,) = (each for each in api["Resources"].values() if each["Type"] == RECORD)
        # What it refers to comes before it anyway, and cfn-lint takes a second word for it for a mistake.
        referred = {CHECK, "AWS::ApiGateway::DomainName", "AWS::CertificateManager::Certificate"}
        others = {name for name, each in api["Resources"].items() if each["Type"] not in {RECORD, *referred}}
        assert len(others) > 10
        assert set(record["DependsOn"]) == others


@pytest.mark.parametrize("drained", [{}, {"eu-west-1": RegionConfig(drain=True)}], ids=["none", "drained"])
def test_the_edge_is_the_same_for_one_two_and_three_regions(drained: dict[str, RegionConfig]) -> None:
    def edge(regions: Sequence[str]) -> Json:
        by_name = {name: drained.get(name, RegionConfig()) for name in regions}
        firewall = FirewallConfig(rate=RequestWindow(2000, 5))
        return synthesize(of_regions(by_name, edge=EdgeConfig(domain=DOMAIN, firewall=firewall)))["edge"]

    assert edge(ONE) == edge(TWO) == edge(THREE) == edge(THREE[::-1])


def test_the_distribution_asks_at_a_literal_name_and_says_of_no_region_that_it_answered(two: Templates) -> None:
    (origin,) = only(two["edge"], DISTRIBUTION)["DistributionConfig"]["Origins"]
    assert origin["DomainName"] == "origin.ml.acme.com"
    assert "OriginPath" not in origin
    assert "GetStackOutput" not in str(two)
    assert "CustomHeadersConfig" not in str(two["edge"])


def test_the_origin_is_called_as_the_file_says() -> None:
    domain = DOMAIN.model_copy(update={"origin": "apis.acme.com"})
    templates = synthesize(of_regions(ONE, edge=EdgeConfig(domain=domain)))
    (origin,) = only(templates["edge"], DISTRIBUTION)["DistributionConfig"]["Origins"]
    assert origin["DomainName"] == "apis.acme.com"
    assert only(templates["api"], RECORD)["Name"] == "apis.acme.com."


def test_without_a_zone_the_api_is_asked_at_its_own_address() -> None:
    certificate = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    domain = DomainConfig(name="ml.acme.com", certificate=certificate)
    templates = synthesize(of_regions(ONE, edge=EdgeConfig(domain=domain)))
    (origin,) = only(templates["edge"], DISTRIBUTION)["DistributionConfig"]["Origins"]
    assert ".execute-api.us-east-1." in str(origin["DomainName"])
    assert not resources(templates["api"], "AWS::ApiGateway::DomainName")
    assert "CustomHeadersConfig" in str(templates["edge"])


def test_getting_a_zone_takes_nothing_away_that_the_edge_refers_to_until_its_deploy() -> None:
    before, after = (synthesize(of_regions(ONE, edge=edge)) for edge in (EdgeConfig(), EdgeConfig(domain=DOMAIN)))
    assert "GetStackOutput" in str(before["edge"])
    assert before["api"]["Resources"].items() <= after["api"]["Resources"].items()
    assert before["api"]["Outputs"].keys() == after["api"]["Outputs"].keys()
    for name, output in before["api"]["Outputs"].items():
        assert output["Value"] == after["api"]["Outputs"][name]["Value"]
