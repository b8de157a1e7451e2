"""What operators look for first stands in the outputs: ids, log groups, the dashboard, the line that stops a key."""

import json

from tests.synthesis import Json, Templates, resources


def value(template: Json, name: str) -> object:
    output = template["Outputs"][name]
    assert output["Description"]
    return output["Value"]


def log_groups(template: Json) -> dict[str, str | None]:
    """Logical id -> physical name."""
    return {name: log.get("LogGroupName") for name, log in resources(template, "AWS::Logs::LogGroup").items()}


def test_each_log_group_of_a_gateway_is_an_output_of_its_stack(
    complete_templates: Templates, templates: Templates, other_templates: Templates
) -> None:
    named = 0
    for each in (complete_templates, templates, other_templates):
        for stack in each.values():
            outputs = json.dumps({name: output["Value"] for name, output in stack.get("Outputs", {}).items()})
            for name in log_groups(stack):
                assert json.dumps({"Ref": name}) in outputs
                named += 1
    assert named >= 4 + 2 + 1


def test_outputs_name_the_logs_that_they_say(complete_templates: Templates) -> None:
    api, edge = complete_templates["api"], complete_templates["edge"]
    names = log_groups(api) | log_groups(edge)

    def named(template: Json, output: str) -> str | None:
        found = value(template, output)
        assert isinstance(found, dict)
        return names[found["Ref"]]

    assert named(api, "OriginLockLogGroup") == "aws-waf-logs-complete-ml-origin-lock"
    assert named(edge, "FirewallLogGroup") == "aws-waf-logs-complete-ml-edge"
    assert named(edge, "EdgeLogGroup") == "/aws/vendedlogs/cloudfront/complete-ml"
    assert named(api, "AccessLogGroup") is None  # CloudFormation names it


def test_the_distribution_is_known_by_its_id(edge: Json) -> None:
    (distribution,) = resources(edge, "AWS::CloudFront::Distribution")
    assert value(edge, "DistributionId") == {"Ref": distribution}


def test_what_is_kept_is_taken_away_by_one_line(templates: Templates, every_templates: Templates) -> None:
    """Where nothing is kept there is no such line."""
    edge = templates["edge"]
    (distribution,) = resources(edge, "AWS::CloudFront::Distribution")
    start, end = "aws cloudfront create-invalidation --distribution-id ", " --paths '/*'"
    assert value(edge, "InvalidationCommand") == {"Fn::Join": ["", [start, {"Ref": distribution}, end]]}
    assert resources(every_templates["edge"], "AWS::CloudFront::CachePolicy") == {}
    assert "InvalidationCommand" not in every_templates["edge"]["Outputs"]


def test_the_address_of_the_dashboard_names_the_one_that_is_there(complete_templates: Templates, edge: Json) -> None:
    (dashboard,) = resources(complete_templates["edge"], "AWS::CloudWatch::Dashboard").values()
    assert value(complete_templates["edge"], "DashboardUrl") == (
        "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1"
        f"#dashboards/dashboard/{dashboard['DashboardName']}"
    )
    assert "DashboardUrl" not in edge["Outputs"]


def test_a_key_is_disabled_by_one_line(complete_templates: Templates, api: Json) -> None:
    line = str(value(complete_templates["api"], "DisableKeyCommand"))
    assert "complete-ml/clients/<client>/<key>" in line
    assert line.endswith("--patch-operations op=replace,path=/enabled,value=false")
    assert "--region eu-west-1" in line
    assert "DisableKeyCommand" not in api["Outputs"]


def test_queries_are_saved_beside_the_log(complete_templates: Templates, api: Json) -> None:
    def saved(template: Json) -> list[str]:
        return sorted(query["Name"] for query in resources(template, "AWS::Logs::QueryDefinition").values())

    assert saved(complete_templates["api"]) == [
        f"complete-ml/{question}" for question in ("by client", "one request", "refused", "slowest")
    ]
    assert saved(api) == [f"acme-ml/{question}" for question in ("one request", "refused", "slowest")]
