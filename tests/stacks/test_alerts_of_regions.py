"""What somebody on call sees of each region: alarms, log groups, lines to run, rows of the dashboard."""

import json
from collections.abc import Sequence

import pytest

from ml_gateway import AlertsConfig, EdgeConfig, FirewallConfig, ModelConfig, Percentage, RequestWindow
from ml_gateway.design import GatewayDesign
from ml_gateway.serving import count_widgets
from tests.stacks.regional import ALARM, DOMAIN, ONE, THREE, TWO, apis_of, of_regions
from tests.synthesis import Json, Templates, only, resources, synthesize


def widgets(templates: Templates) -> list[Json]:
    body = only(templates["edge"], "AWS::CloudWatch::Dashboard")["DashboardBody"]
    parts = [body] if isinstance(body, str) else body["Fn::Join"][1]
    found: list[Json] = json.loads("".join(part if isinstance(part, str) else "?" for part in parts))["widgets"]
    return found


@pytest.mark.parametrize("regions", [ONE, TWO, THREE], ids=len)
@pytest.mark.parametrize("firewall", [None, FirewallConfig(rate=RequestWindow(2000, 5))], ids=["", "firewall"])
def test_each_region_has_alarms_logs_and_rows_of_its_own(
    regions: Sequence[str], firewall: FirewallConfig | None
) -> None:
    models = {
        "a": ModelConfig(url="https://a.example.com/x"),
        "b": ModelConfig(url="https://b.example.com/x", stream=True),
    }
    alerts = AlertsConfig(email="ops@acme.com", errors=Percentage(1))
    edge = EdgeConfig(domain=DOMAIN, firewall=firewall)
    config = of_regions(regions, models=models, alerts=alerts, edge=edge)
    templates = synthesize(config)
    for api in apis_of(templates).values():
        assert len(resources(api, ALARM)) == 1
        assert resources(api, "AWS::SNS::Topic")
        assert {"AccessLogGroup", "UsageCommand", "DisableKeyCommand", "InvokeUrl"} <= api["Outputs"].keys()
    found = widgets(templates)
    drawn = {
        options["region"]
        for widget in found
        for metric in widget["properties"].get("metrics", [])
        if isinstance(options := metric[-1], dict) and "region" in options
    } | {widget["properties"].get("region") for widget in found if "region" in widget["properties"]}
    assert set(regions) <= drawn
    # What the loader counts is what there is.
    traffic = GatewayDesign.of(config).traffic
    assert len(found) == 12 + (6 if firewall else 0) + len(regions) * count_widgets(traffic)
    titles = [widget["properties"]["markdown"] for widget in found if "markdown" in widget["properties"]]
    for region in regions if len(regions) > 1 else ():
        assert sum(f"Model a, {region}" in title for title in titles) == 1
