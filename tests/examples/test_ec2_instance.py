"""The instance: who may speak to whom, and what it may do."""

import json

from examples.ec2_instance.app import LOG_FILE
from tests.examples.reading import egress, groups, ingress, statements
from tests.synthesis import Json, only, resources


def test_each_part_speaks_to_the_next_alone(ec2_instance: Json) -> None:
    ids = groups(ec2_instance)
    link, load_balancer = ids["VPC link of the API"], ids["NLB of the model server"]
    instance, endpoints = ids["Instance of the model server"], ids["VPC endpoints"]
    assert set(ingress(ec2_instance)) == {
        (load_balancer, link, 80),
        (instance, load_balancer, 8080),
        (endpoints, instance, 443),
    }
    assert set(egress(ec2_instance)) == {
        (link, load_balancer, 80),
        (load_balancer, instance, 8080),
        (instance, endpoints, 443),
    }
    assert len(ids) == 4


def test_each_part_is_in_its_group(ec2_instance: Json) -> None:
    ids = groups(ec2_instance)
    link = only(ec2_instance, "AWS::ApiGatewayV2::VpcLink")["SecurityGroupIds"]
    load_balancer = only(ec2_instance, "AWS::ElasticLoadBalancingV2::LoadBalancer")["SecurityGroups"]
    (interface,) = launch_data(ec2_instance)["NetworkInterfaces"]
    assert link == [{"Fn::GetAtt": [ids["VPC link of the API"], "GroupId"]}]
    assert load_balancer == [{"Fn::GetAtt": [ids["NLB of the model server"], "GroupId"]}]
    assert interface["Groups"] == [{"Fn::GetAtt": [ids["Instance of the model server"], "GroupId"]}]


def launch_data(template: Json) -> Json:
    data: Json = only(template, "AWS::EC2::LaunchTemplate")["LaunchTemplateData"]
    return data


def test_the_instance_takes_imdsv2_alone_and_keeps_it_to_itself(ec2_instance: Json) -> None:
    assert launch_data(ec2_instance)["MetadataOptions"] == {"HttpPutResponseHopLimit": 1, "HttpTokens": "required"}


def test_nobody_has_a_key_to_the_instance(ec2_instance: Json) -> None:
    assert "KeyName" not in launch_data(ec2_instance)
    assert 22 not in [port for _, _, port in ingress(ec2_instance)]


def test_the_volume_is_encrypted_and_ends_with_the_instance(ec2_instance: Json) -> None:
    (device,) = launch_data(ec2_instance)["BlockDeviceMappings"]
    assert device["Ebs"]["Encrypted"] is True
    assert device["Ebs"]["DeleteOnTermination"] is True


def test_the_instance_is_replaced_when_its_server_does_not_answer(ec2_instance: Json) -> None:
    (target_group,) = resources(ec2_instance, "AWS::ElasticLoadBalancingV2::TargetGroup")
    group = only(ec2_instance, "AWS::AutoScaling::AutoScalingGroup")
    assert group["HealthCheckType"] == "ELB"
    assert group["TargetGroupARNs"] == [{"Ref": target_group}]
    assert (group["MinSize"], group["MaxSize"]) == ("1", "2")
    assert group["TerminationPolicies"] == ["OldestLaunchTemplate"]


def test_an_update_starts_the_new_instance_before_it_ends_the_old(ec2_instance: Json) -> None:
    (group,) = (r for r in ec2_instance["Resources"].values() if r["Type"] == "AWS::AutoScaling::AutoScalingGroup")
    assert group["UpdatePolicy"]["AutoScalingRollingUpdate"]["MinInstancesInService"] == 1


def test_the_role_writes_to_one_log_beside_its_sessions(ec2_instance: Json) -> None:
    (log,) = (name for name in resources(ec2_instance, "AWS::Logs::LogGroup") if name.startswith("ServerLog"))
    (write,) = (statement for statement in statements(ec2_instance) if statement["Resource"] != "*")
    assert write["Resource"] == {"Fn::GetAtt": [log, "Arn"]}
    assert {action.split(":")[0] for action in write["Action"]} == {"logs"}


def test_the_agent_is_told_to_ship_the_log_of_the_server(ec2_instance: Json) -> None:
    (log,) = (name for name in resources(ec2_instance, "AWS::Logs::LogGroup") if name.startswith("ServerLog"))
    parts = launch_data(ec2_instance)["UserData"]["Fn::Base64"]["Fn::Join"][1]
    script = "".join(part if isinstance(part, str) else part["Ref"] for part in parts)
    config = json.loads(script.split("'")[1])
    (collected,) = config["logs"]["logs_collected"]["files"]["collect_list"]
    assert collected["file_path"] == LOG_FILE
    assert collected["log_group_name"] == log
