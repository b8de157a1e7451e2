"""What a run costs is said of what it makes."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

from live import costs
from live.plan import ALL_OF_FILES, Brought, gateway_names, network_stack, write_files
from tests.live.synthesized import NAME, WITH_NETWORK
from tests.synthesis import TOP, Json


def test_all_stacks_are_called_as_the_run(templates: dict[str, Json]) -> None:
    gateways = [f"{name}-{role}" for name in gateway_names(NAME).values() for role in ("keys", "api", "edge")]
    assert sorted(templates) == sorted([f"{NAME}-echo", *gateways])


def test_what_is_counted_is_what_is_defined(templates: dict[str, Json]) -> None:
    of_cloudfront, of_a_rotation, bearer = 8, 2, 1
    found = counted(list(templates.values()))
    found["secret"] += of_a_rotation + bearer
    found["metric"] += of_cloudfront
    found["metric of an alarm"] *= 2
    assert +found == costs.COUNTED


def test_what_two_regions_add_is_counted_as_well(of_all: dict[str, Json]) -> None:
    """Each secret is in both regions, also that of the second generation, and each drain has a metric."""
    found = counted([each for name, each in of_all.items() if name.startswith(f"{NAME}-regional-")])
    found["secret"] = 2 * (found["secret"] + 1)
    found["metric"] += found["health check"]
    assert +found == costs.IN_TWO_REGIONS


def test_what_a_vpc_adds_is_counted_as_well(templates: dict[str, Json], of_all: dict[str, Json]) -> None:
    by_name = {name.split()[0]: each for name, each in of_all.items() if not name.startswith(f"{NAME}-regional-")}
    assert by_name.keys() - templates.keys() == {network_stack(NAME)}
    assert counted(list(by_name.values())) - counted(list(templates.values())) == costs.IN_A_VPC


def counted(templates: list[Json]) -> Counter[str]:
    resources = [each for template in templates for each in template["Resources"].values()]
    found = Counter(each["Type"] for each in resources)
    acls = [each for each in resources if each["Type"] == "AWS::WAFv2::WebACL"]
    return Counter(
        {
            "secret": found["AWS::SecretsManager::Secret"],
            "web ACL": len(acls),
            "rule of a web ACL": sum(len(each["Properties"]["Rules"]) for each in acls),
            "metric of an alarm": found["AWS::CloudWatch::Alarm"],
            "dashboard": found["AWS::CloudWatch::Dashboard"],
            "metric": found["AWS::Logs::MetricFilter"],
            "health check": found["AWS::Route53::HealthCheck"],
            "load balancer": found["AWS::ElasticLoadBalancingV2::LoadBalancer"],
        }
    )


def test_a_run_is_below_what_the_page_says() -> None:
    page = (TOP / "docs" / "live.md").read_text()
    assert "Under $1 by list prices" in page
    for brought in (Brought(), replace(ALL_OF_FILES, vpc=False), Brought(vpc=True), ALL_OF_FILES):
        assert costs.of_a_run(brought) < 1
        assert f"${costs.by_the_month(brought):.0f} a month" in page
        assert f"${costs.of_a_run(brought):.2f}" in costs.said(brought)


def test_nothing_of_the_server_stays_and_no_address_leads_to_the_function(templates: dict[str, Json]) -> None:
    echo = templates[f"{NAME}-echo"]["Resources"].values()
    assert not [each for each in echo if each["Type"] == "AWS::Lambda::Url" or each.get("DeletionPolicy") == "Retain"]
    allowed = [each["Properties"]["Principal"] for each in echo if each["Type"] == "AWS::Lambda::Permission"]
    assert allowed == ["apigateway.amazonaws.com"]
    (stage,) = [each["Properties"] for each in echo if each["Type"] == "AWS::ApiGatewayV2::Stage"]
    assert stage["DefaultRouteSettings"] == {"ThrottlingBurstLimit": 50, "ThrottlingRateLimit": 50}


def test_files_are_changed_by_the_second_deploy(tmp_path: Path) -> None:
    first, then = (
        list(write_files(NAME, WITH_NETWORK, tmp_path, brought=ALL_OF_FILES, changed=changed).values())
        for changed in (False, True)
    )
    for before, after in zip(first, then, strict=True):
        assert (before.name, before.origin_lock.generation, after.origin_lock.generation) == (after.name, 1, 2)
        assert before != after
