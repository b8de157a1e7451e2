"""The Fargate service: who may speak to whom, and how a task runs."""

import re

import pytest

from tests.documents import integrations_of
from tests.examples.reading import egress, groups, ingress, statements
from tests.synthesis import Json, only, resources


def test_each_part_speaks_to_the_next_alone(ecs_service: Json) -> None:
    ids = groups(ecs_service)
    link, load_balancer = ids["VPC link of the API"], ids["ALB of the model server"]
    tasks, endpoints = ids["Tasks of the model server"], ids["VPC endpoints"]
    assert set(ingress(ecs_service)) == {
        (load_balancer, link, 80),
        (tasks, load_balancer, 8080),
        (endpoints, tasks, 443),
    }
    assert set(egress(ecs_service)) == {
        (link, load_balancer, 80),
        (load_balancer, tasks, 8080),
        (tasks, endpoints, 443),
        # To S3, whose addresses are public: the only route to any is the gateway endpoint.
        (tasks, "0.0.0.0/0", 443),
    }
    assert len(ids) == 4


def test_each_part_is_in_its_group(ecs_service: Json) -> None:
    ids = groups(ecs_service)
    link = only(ecs_service, "AWS::ApiGatewayV2::VpcLink")["SecurityGroupIds"]
    load_balancer = only(ecs_service, "AWS::ElasticLoadBalancingV2::LoadBalancer")["SecurityGroups"]
    network = only(ecs_service, "AWS::ECS::Service")["NetworkConfiguration"]["AwsvpcConfiguration"]
    assert link == [{"Fn::GetAtt": [ids["VPC link of the API"], "GroupId"]}]
    assert load_balancer == [{"Fn::GetAtt": [ids["ALB of the model server"], "GroupId"]}]
    assert network["SecurityGroups"] == [{"Fn::GetAtt": [ids["Tasks of the model server"], "GroupId"]}]


def test_layers_of_images_are_all_that_passes_the_endpoint_of_s3(ecs_service: Json) -> None:
    endpoints = resources(ecs_service, "AWS::EC2::VPCEndpoint").values()
    (gateway,) = (endpoint for endpoint in endpoints if endpoint["VpcEndpointType"] == "Gateway")
    (statement,) = gateway["PolicyDocument"]["Statement"]
    assert statement["Action"] == "s3:GetObject"
    assert statement["Resource"] == "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*"


def test_the_service_waits_for_the_endpoints_that_its_tasks_start_through(ecs_service: Json) -> None:
    (service,) = (r for r in ecs_service["Resources"].values() if r["Type"] == "AWS::ECS::Service")
    endpoints = resources(ecs_service, "AWS::EC2::VPCEndpoint")
    assert len(endpoints) == 4
    assert endpoints.keys() <= set(service["DependsOn"])


def test_the_container_cannot_write_and_is_watched(ecs_service: Json) -> None:
    (container,) = only(ecs_service, "AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    (log,) = (name for name in resources(ecs_service, "AWS::Logs::LogGroup") if name.startswith("TaskLog"))
    assert container["ReadonlyRootFilesystem"] is True
    assert "Privileged" not in container
    assert "Environment" not in container
    assert container["LogConfiguration"]["Options"]["awslogs-group"] == {"Ref": log}
    assert container["HealthCheck"]["Command"][-1].endswith(":8080/health")


def test_the_task_itself_may_do_nothing(ecs_service: Json) -> None:
    task_role = only(ecs_service, "AWS::ECS::TaskDefinition")["TaskRoleArn"]["Fn::GetAtt"][0]
    policies = resources(ecs_service, "AWS::IAM::Policy").values()
    assert policies
    assert [policy for policy in policies if {"Ref": task_role} in policy["Roles"]] == []


def test_the_execution_role_pulls_one_image_and_writes_one_log(ecs_service: Json) -> None:
    limited = [statement for statement in statements(ecs_service) if statement["Resource"] != "*"]
    pull, write = limited
    assert pull["Resource"]["Fn::Join"][1][-1] == ":repository/llama"
    assert write["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]


def test_a_failed_deployment_is_undone(ecs_service: Json) -> None:
    deployment = only(ecs_service, "AWS::ECS::Service")["DeploymentConfiguration"]
    assert deployment["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}
    assert deployment["MinimumHealthyPercent"] == 100


def test_the_cluster_reports_container_insights(ecs_service: Json) -> None:
    assert only(ecs_service, "AWS::ECS::Cluster")["ClusterSettings"] == [
        {"Name": "containerInsights", "Value": "enabled"}
    ]


def test_completions_stream_for_up_to_15_minutes(ecs_service: Json) -> None:
    posts = [integration for name, integration in integrations_of(ecs_service).items() if name.startswith("POST ")]
    assert posts
    assert {post["responseTransferMode"] for post in posts} == {"STREAM"}
    assert {post["timeoutInMillis"] for post in posts} == {900_000}


def test_edge_and_load_balancer_bear_the_same_silence(ecs_service: Json) -> None:
    config = only(ecs_service, "AWS::CloudFront::Distribution")["DistributionConfig"]
    (origin,) = config["Origins"]
    attributes = only(ecs_service, "AWS::ElasticLoadBalancingV2::LoadBalancer")["LoadBalancerAttributes"]
    assert origin["CustomOriginConfig"]["OriginReadTimeout"] == 120
    assert {"Key": "idle_timeout.timeout_seconds", "Value": "120"} in attributes


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/v1/chat/completions", "/v1/chat/completions"),
        ("/v1/chat/completions", "/v1/chat/completions"),
    ],
)
def test_the_server_sees_its_own_path_with_the_stage_and_without(path: str, expected: str, ecs_service: Json) -> None:
    rule = only(ecs_service, "AWS::ElasticLoadBalancingV2::ListenerRule")
    (transform,) = rule["Transforms"]
    (rewrite,) = transform["UrlRewriteConfig"]["Rewrites"]
    assert re.sub(rewrite["Regex"], rewrite["Replace"].replace("$1", r"\1"), path) == expected


def test_the_rule_forwards_to_the_tasks(ecs_service: Json) -> None:
    (target_group,) = resources(ecs_service, "AWS::ElasticLoadBalancingV2::TargetGroup")
    rule = only(ecs_service, "AWS::ElasticLoadBalancingV2::ListenerRule")
    assert [action["TargetGroupArn"] for action in rule["Actions"]] == [{"Ref": target_group}]
    (condition,) = rule["Conditions"]
    assert condition["PathPatternConfig"]["Values"] == ["/v1/v1/*"]
