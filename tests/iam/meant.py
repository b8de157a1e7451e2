"""What every policy of the examples is meant to allow."""

from collections.abc import Mapping
from typing import Final

from tests.files import KMS_KEY
from tests.iam.check import Place
from tests.iam.concrete import ACCOUNT, REGION
from tests.iam.questions import ANYBODY, Allowed, Meant, may, trusts

ENCRYPTED: Final = "encrypted versions in a second region"
"""What no example has: a stack of rollouts.yaml in another region, with a key of the gateway's owner."""

SECOND: Final = "eu-west-1"
KMS_KEYS: Final = {region: KMS_KEY.replace(REGION, region) for region in (REGION, SECOND)}

LOGS_OF_THE_ACCOUNT: Final = {
    "aws:SourceAccount": ACCOUNT,
    "aws:SourceArn": f"arn:aws:logs:us-east-1:{ACCOUNT}:*",
}


def _streams(log_group: str, region: str = REGION) -> str:
    return f"arn:aws:logs:{region}:{ACCOUNT}:log-group:{log_group}:log-stream:*"


def _writes(log_group: str, region: str = REGION) -> Allowed:
    return may("logs:CreateLogStream logs:PutLogEvents", _streams(log_group, region))


def _alarms(region: str = REGION) -> Meant:
    """The alarms of that account and region publish, over TLS."""
    context = {
        "aws:SourceAccount": ACCOUNT,
        "aws:SourceArn": f"arn:aws:cloudwatch:{region}:{ACCOUNT}:alarm:*",
        "aws:SecureTransport": "true",
    }
    topic = f"arn:aws:sns:{region}:{ACCOUNT}:AlarmsTopic"
    return [Allowed(who="cloudwatch.amazonaws.com", actions=["sns:Publish"], resource=topic, context=context)]


def _asks_sagemaker(*endpoints: str, action: str = "InvokeEndpoint", region: str = REGION) -> Meant:
    arns = [f"arn:aws:sagemaker:{region}:{ACCOUNT}:endpoint/{endpoint}" for endpoint in endpoints]
    return [trusts("apigateway.amazonaws.com"), *(may(f"sagemaker:{action}", arn) for arn in arns)]


def _invoked(function: str, *, by: str, source: str, region: str = REGION) -> Meant:
    arn = f"arn:aws:lambda:{region}:{ACCOUNT}:function:{function}"
    context = {"aws:SourceArn": source}
    return [Allowed(who=by, actions=["lambda:InvokeFunction"], resource=arn, context=context)]


def _asked_by_the_api(function: str, what: str, region: str = REGION) -> Meant:
    source = f"arn:aws:execute-api:{region}:{ACCOUNT}:ApiRestApi/{what}"
    return _invoked(function, by="apigateway.amazonaws.com", source=source, region=region)


def _authorizer(gateway: str, region: str = REGION) -> Meant:
    secrets = f"arn:aws:secretsmanager:{region}:{ACCOUNT}:secret:{gateway}/clients/*/*"
    return [
        trusts("lambda.amazonaws.com"),
        _writes("AuthorizerLog", region),
        may("secretsmanager:GetSecretValue", secrets),
        may("secretsmanager:BatchGetSecretValue", "*"),
    ]


def _pulls(repository: str) -> Meant:
    layers = "ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:GetDownloadUrlForLayer"
    return [may(layers, f"arn:aws:ecr:us-east-1:{repository}"), may("ecr:GetAuthorizationToken", "*")]


def _logs_bucket() -> Meant:
    """Flow logs, by deliveries of this account; and what CDK lets load balancers do, which asks for no source."""
    bucket, delivery, tls = "arn:aws:s3:::NetworkLogs", "delivery.logs.amazonaws.com", {"aws:SecureTransport": "true"}
    flows = f"{bucket}/flow-logs/AWSLogs/{ACCOUNT}/*"
    accesses = f"{bucket}/load-balancer/AWSLogs/{ACCOUNT}/*"
    ours = LOGS_OF_THE_ACCOUNT | tls
    owned = {"s3:x-amz-acl": "bucket-owner-full-control"}
    balancing = "arn:aws:iam::127311923021:role/elastic-load-balancing"
    return [
        Allowed(who=delivery, actions=["s3:PutObject"], resource=flows, context=ours | owned),
        Allowed(who=delivery, actions=["s3:ListBucket"], resource=bucket, context=ours),
        Allowed(who=delivery, actions=["s3:GetBucketAcl"], resource=bucket, context=tls),
        Allowed(who=delivery, actions=["s3:PutObject"], resource=accesses, context=tls | owned),
        Allowed(who=balancing, actions=["s3:PutObject"], resource=accesses, context=tls),
    ]


def _leads_to(action: str, resource: str = "*") -> Meant:
    """A VPC endpoint to that service, which lets everybody do everything there, in whatever account."""
    return [Allowed(who=ANYBODY, actions=[action], resource=resource, named=False, more=True)]


def _empties_the_default_group() -> Meant:
    actions = [f"ec2:{verb}SecurityGroup{way}" for verb in ("Authorize", "Revoke") for way in ("Ingress", "Egress")]
    group = f"arn:aws:ec2:us-east-1:{ACCOUNT}:security-group/sg-of-NetworkVpc"
    return [
        trusts("lambda.amazonaws.com"),
        may(" ".join(actions), group),
        "service-role/AWSLambdaBasicExecutionRole",
    ]


_VPC: Final = "CustomVpcRestrictDefaultSGCustomResourceProviderRole"

MEANT: Final[Mapping[Place, Meant]] = {
    ("all-ml-api-us-east-1", "ApiBackendsfraudInvokeEndpointRole"): _asks_sagemaker("fraud-prod"),
    ("all-ml-api-us-east-1", "ApiBackendsfraudInvokeEndpointAsyncRole"): _asks_sagemaker(
        "fraud-prod", action="InvokeEndpointAsync"
    ),
    ("all-ml-api-us-east-1", "ApiBackendsscoresInvokeEndpointRole"): _asks_sagemaker("Scores-Prod", "scores-prod"),
    ("all-ml-api-us-east-1", "detect-language:live"): _asked_by_the_api("detect-language:live", "*/*/*"),
    ("acme-id-api-us-east-1", "AuthorizerRole"): _authorizer("acme-id"),
    ("acme-id-api-us-east-1", "AuthorizerFunction"): _asked_by_the_api("AuthorizerFunction", "authorizers/*"),
    ("acme-ml-prod-api-us-east-1", "AlarmsTopicPolicy"): _alarms(),
    ("acme-ml-prod-edge", "AlarmsTopicPolicy"): _alarms(),
    ("acme-versions-api-us-east-1", "AlarmsTopicPolicy"): _alarms(),
    ("acme-versions-api-us-east-1", "ApiBackendsfraudsmInvokeEndpointRole"): _asks_sagemaker("fraud-prod"),
    ("acme-versions-api-us-east-1", "AuthorizerRole"): _authorizer("acme-versions"),
    ("acme-versions-api-us-east-1", "AuthorizerFunction"): _asked_by_the_api("AuthorizerFunction", "authorizers/*"),
    ("acme-versions-edge", "AlarmsTopicPolicy"): _alarms(),
    ("acme-versions-edge", "OverridesRole"): [
        trusts("lambda.amazonaws.com"),
        _writes("OverridesLog"),
        may(
            " ".join(
                f"cloudfront-keyvaluestore:{action}"
                for action in ("DeleteKey", "DescribeKeyValueStore", "GetKey", "PutKey")
            ),
            f"arn:aws:cloudfront::{ACCOUNT}:key-value-store/OverridesStore",
        ),
    ],
    ("acme-versions-edge", "OverridesFunction"): _invoked(
        "OverridesFunction",
        by="events.amazonaws.com",
        source=f"arn:aws:events:us-east-1:{ACCOUNT}:rule/OverridesRollback",
    ),
    (ENCRYPTED, "AlarmsTopicPolicy"): _alarms(SECOND),
    (ENCRYPTED, "ApiBackendsfraudsmInvokeEndpointRole"): _asks_sagemaker("fraud-prod", region=SECOND),
    (ENCRYPTED, "AuthorizerRole"): [
        *_authorizer("acme-versions", SECOND),
        may("kms:Decrypt", KMS_KEYS[SECOND], ViaService=f"secretsmanager.{SECOND}.amazonaws.com"),
    ],
    (ENCRYPTED, "AuthorizerFunction"): _asked_by_the_api("AuthorizerFunction", "authorizers/*", SECOND),
    (ENCRYPTED, "RollbacksForwardEventsRole"): [
        trusts("events.amazonaws.com"),
        may("events:PutEvents", f"arn:aws:events:us-east-1:{ACCOUNT}:event-bus/default"),
    ],
    ("complete-ml-api-eu-west-1", "AlarmsTopicPolicy"): _alarms("eu-west-1"),
    ("complete-ml-edge", "AlarmsTopicPolicy"): _alarms(),
    ("complete-ml-edge", "AccessLogLogGroup"): [
        Allowed(
            who="delivery.logs.amazonaws.com",
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            resource=_streams("/aws/vendedlogs/cloudfront/complete-ml"),
            context=LOGS_OF_THE_ACCOUNT,
        )
    ],
    ("embed", "ApiBackendsTitan"): [
        trusts("apigateway.amazonaws.com"),
        may("bedrock:InvokeModel", "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v1"),
    ],
    ("fraud-sagemaker", "ApiBackendsFraudInvokeEndpointRole"): _asks_sagemaker("fraud"),
    ("fraud-sagemaker", "ExecutionRole"): [
        trusts("sagemaker.amazonaws.com"),
        may("s3:GetObject", "arn:aws:s3:::acme-models/fraud/1/model.tar.gz"),
        *_pulls("683313688378:repository/sagemaker-xgboost"),
        may(
            "logs:CreateLogGroup logs:CreateLogStream logs:DescribeLogStreams logs:PutLogEvents",
            _streams("/aws/sagemaker/Endpoints/fraud"),
        ),
        may("cloudwatch:PutMetricData", "*", namespace="AWS/SageMaker"),
        may("cloudwatch:PutMetricData", "*", namespace="/aws/sagemaker/Endpoints"),
    ],
    ("fraud-sagemaker", "VolumeKey"): [
        # The account's administrators say by IAM who uses it.
        Allowed(
            who=f"arn:aws:iam::{ACCOUNT}:role/administrator",
            actions=["kms:Decrypt", "kms:PutKeyPolicy"],
            resource=f"arn:aws:kms:us-east-1:{ACCOUNT}:key/its",
            named=False,
            more=True,
        )
    ],
    ("iris-lambda", "FunctionRole"): [trusts("lambda.amazonaws.com"), _writes("FunctionLog")],
    ("iris-lambda", "Function"): _asked_by_the_api("Function", "*/*/*"),
    ("llama-ecs", _VPC): _empties_the_default_group(),
    ("llama-ecs", "NetworkLogsPolicy"): _logs_bucket(),
    ("llama-ecs", "NetworkVpcCloudWatchLogs"): _leads_to("logs:PutLogEvents", _streams("any")),
    ("llama-ecs", "NetworkVpcEcr"): _leads_to("ecr:GetAuthorizationToken"),
    ("llama-ecs", "NetworkVpcEcrDocker"): _leads_to("ecr:GetAuthorizationToken"),
    ("llama-ecs", "NetworkVpcS3"): [
        Allowed(who=ANYBODY, actions=["s3:GetObject"], resource="arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*")
    ],
    ("llama-ecs", "TaskTaskRole"): [trusts("ecs-tasks.amazonaws.com")],
    ("llama-ecs", "TaskExecutionRole"): [
        trusts("ecs-tasks.amazonaws.com"),
        *_pulls(f"{ACCOUNT}:repository/llama"),
        _writes("TaskLog"),
    ],
    ("risk-ml-account-eu-west-1", "AccessLogRole"): [
        trusts("apigateway.amazonaws.com"),
        "service-role/AmazonAPIGatewayPushToCloudWatchLogs",
    ],
    ("scoring-ec2", _VPC): _empties_the_default_group(),
    ("scoring-ec2", "InstanceRole"): [
        trusts("ec2.amazonaws.com"),
        may("logs:CreateLogStream logs:DescribeLogStreams logs:PutLogEvents", _streams("ServerLog")),
        # It takes an instance; AWS's AmazonSSMManagedInstanceCore has it for all of them, too.
        may("ssm:UpdateInstanceInformation", "*"),
        may(
            "ssmmessages:CreateControlChannel ssmmessages:CreateDataChannel "
            "ssmmessages:OpenControlChannel ssmmessages:OpenDataChannel",
            "*",
        ),
    ],
    ("scoring-ec2", "NetworkLogsPolicy"): _logs_bucket(),
    ("scoring-ec2", "NetworkVpcCloudWatchLogs"): _leads_to("logs:PutLogEvents", _streams("any")),
    ("scoring-ec2", "NetworkVpcSsm"): _leads_to("ssm:UpdateInstanceInformation"),
    ("scoring-ec2", "NetworkVpcSsmMessages"): _leads_to("ssmmessages:OpenDataChannel"),
}
