"""The SageMaker endpoint: closed, encrypted, and invoked by the gateway's role alone."""

import json

from tests.documents import integration_of
from tests.examples.reading import listed
from tests.synthesis import Json, only, resources


def policy_of(template: Json, role: str) -> list[Json]:
    return [
        statement
        for policy in resources(template, "AWS::IAM::Policy").values()
        if {"Ref": role} in policy["Roles"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def test_the_container_is_isolated(sagemaker_endpoint: Json) -> None:
    assert only(sagemaker_endpoint, "AWS::SageMaker::Model")["EnableNetworkIsolation"] is True


def test_the_volume_is_encrypted_with_a_key_that_rotates(sagemaker_endpoint: Json) -> None:
    ((key_id, key),) = resources(sagemaker_endpoint, "AWS::KMS::Key").items()
    config = only(sagemaker_endpoint, "AWS::SageMaker::EndpointConfig")
    assert config["KmsKeyId"] == {"Fn::GetAtt": [key_id, "Arn"]}
    assert key["EnableKeyRotation"] is True


def test_the_execution_role_reads_one_object_and_pulls_one_image(sagemaker_endpoint: Json) -> None:
    role = only(sagemaker_endpoint, "AWS::SageMaker::Model")["ExecutionRoleArn"]["Fn::GetAtt"][0]
    allowed = {
        action: json.dumps(statement["Resource"])
        for statement in policy_of(sagemaker_endpoint, role)
        for action in listed(statement["Action"])
    }
    assert allowed["s3:GetObject"] == '"arn:aws:s3:::acme-models/fraud/1/model.tar.gz"'
    assert allowed["ecr:BatchGetImage"] == '"arn:aws:ecr:us-east-1:683313688378:repository/sagemaker-xgboost"'
    assert "EndpointLog" in allowed["logs:PutLogEvents"]
    assert {action.split(":")[0] for action in allowed} == {"s3", "ecr", "logs", "cloudwatch"}


def test_metrics_go_into_the_namespaces_of_sagemaker_alone(sagemaker_endpoint: Json) -> None:
    role = only(sagemaker_endpoint, "AWS::SageMaker::Model")["ExecutionRoleArn"]["Fn::GetAtt"][0]
    (metrics,) = (s for s in policy_of(sagemaker_endpoint, role) if "cloudwatch:PutMetricData" in listed(s["Action"]))
    assert metrics["Action"] == "cloudwatch:PutMetricData"
    assert metrics["Condition"]["StringEquals"]["cloudwatch:namespace"] == ["AWS/SageMaker", "/aws/sagemaker/Endpoints"]


def test_the_model_waits_for_the_policy_of_its_role(sagemaker_endpoint: Json) -> None:
    (model,) = (r for r in sagemaker_endpoint["Resources"].values() if r["Type"] == "AWS::SageMaker::Model")
    role = model["Properties"]["ExecutionRoleArn"]["Fn::GetAtt"][0]
    policies = [k for k, p in resources(sagemaker_endpoint, "AWS::IAM::Policy").items() if {"Ref": role} in p["Roles"]]
    assert policies
    assert set(policies) <= set(model["DependsOn"])


def test_the_log_exists_before_the_endpoint_that_would_define_one_without_an_end(sagemaker_endpoint: Json) -> None:
    (endpoint,) = (r for r in sagemaker_endpoint["Resources"].values() if r["Type"] == "AWS::SageMaker::Endpoint")
    (log,) = endpoint["DependsOn"]
    properties = resources(sagemaker_endpoint, "AWS::Logs::LogGroup")[log]
    assert properties["LogGroupName"] == f"/aws/sagemaker/Endpoints/{endpoint['Properties']['EndpointName']}"


def test_the_gateway_may_invoke_this_endpoint_and_do_nothing_else(sagemaker_endpoint: Json) -> None:
    endpoint = only(sagemaker_endpoint, "AWS::SageMaker::Endpoint")["EndpointName"]
    integration = integration_of(sagemaker_endpoint)
    (statement,) = policy_of(sagemaker_endpoint, integration["credentials"]["Fn::GetAtt"][0])
    assert statement["Action"] == "sagemaker:InvokeEndpoint"
    assert statement["Resource"]["Fn::Join"][1][-1] == f":endpoint/{endpoint}"
    assert integration["uri"].endswith(f":path/endpoints/{endpoint}/invocations")
