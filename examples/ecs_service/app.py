#!/usr/bin/env python3
"""An OpenAI-compatible server on Fargate behind a gateway: base URL https://<domain>/llama/v1, streamed.

Defines a VPC without a way to the internet, the service in it behind an internal ALB, and the gateway before them.
Each part may speak to the next alone: VPC link -> ALB -> tasks -> VPC endpoints.

    make synth APP=examples/ecs_service/app.py

To change: the constants below. The image lies in an ECR repository of yours and brings its model along, as in
`FROM ghcr.io/ggml-org/llama.cpp:server` and `COPY model.gguf /models/`; tags there should be immutable. Tasks, ALB
and VPC endpoints are paid for by the hour, used or not.

Between the API and the tasks HTTP is spoken, inside the VPC. For HTTPS up to the ALB: `tls=True` and as `host` a name
of yours on the backend, an ACM certificate for that name and port 443 on the listener.
"""

from datetime import timedelta
from typing import Any, Final

from aws_cdk import App, CfnOutput, Duration, Environment, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from examples.shared.private_network import PrivateNetwork
from ml_gateway import (
    ApiKeyLock,
    EdgeDesign,
    GatewayDistribution,
    GatewayUsagePlan,
    LoadBalancerBackend,
    OriginSecrets,
    PlanConfig,
    ProxyApi,
    RequestRate,
    ServedModel,
    acknowledge,
    add_policy_checks,
    served_by,
)

REPOSITORY: Final = "llama"
TAG: Final = "1.0.0"
PORT: Final = 8080
COMMAND: Final = ["--model", "/models/model.gguf", "--port", str(PORT)]
STAGE: Final = "v1"
LONGEST_SILENCE: Final = timedelta(seconds=120)
"""Before the first token and between two: the most that CloudFront waits by default."""


class LlamaServiceStack(Stack):
    """A private service and the gateway, which is the only way to it."""

    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)
        aws = ec2.InterfaceVpcEndpointAwsService
        # What a task needs to start: its image (whose layers lie in S3) and its log.
        services = {"Ecr": aws.ECR, "EcrDocker": aws.ECR_DOCKER, "CloudWatchLogs": aws.CLOUDWATCH_LOGS}
        self._network = PrivateNetwork(self, "Network", services=services)
        link_group = self._network.define_security_group(self, "LinkGroup", "VPC link of the API")
        load_balancer = self._define_load_balancer(link_group, self._define_service())
        llama = LoadBalancerBackend(
            name="Llama",
            host=load_balancer.load_balancer_dns_name,
            port=80,
            load_balancer=load_balancer.load_balancer_arn,
            subnets=self._network.subnet_ids,
            security_groups=[link_group.security_group_id],
        )
        model = ServedModel(name="llama", path="/llama", protocol="openai", timeout=timedelta(minutes=15), streams=True)
        api = ProxyApi(
            self,
            "Api",
            name="llama",
            description="Completes chats",
            stage_name=STAGE,
            routes=served_by(llama, model),
        )
        plan = GatewayUsagePlan(self, "UsagePlan", stage=api.stage, plan=PlanConfig(rate=RequestRate(5), burst=20))
        secrets = OriginSecrets(self, "OriginSecrets", gateway_name="llama")
        lock = ApiKeyLock(self, "OriginLock", secrets=secrets, stage=api.stage, usage_plan=plan.usage_plan)
        edge = GatewayDistribution(
            self, "Edge", origin=api.origin(lock), edge=EdgeDesign(response_timeout=LONGEST_SILENCE)
        )
        CfnOutput(self, "BaseUrl", value=f"https://{edge.domain_name}{model.base_path}")

    def _define_service(self) -> ecs.FargateService:
        group = self._network.define_security_group(self, "TaskGroup", "Tasks of the model server")
        self._network.let_reach_services(group)
        layers = self._network.vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
        layers.add_to_policy(
            iam.PolicyStatement(
                principals=[iam.AnyPrincipal()],
                actions=["s3:GetObject"],
                resources=[f"arn:aws:s3:::prod-{self.region}-starport-layer-bucket/*"],
            )
        )
        # S3 has public addresses; the one route to any of them is the endpoint, whose policy lets layers pass.
        group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "layers of the image, from S3")
        service = ecs.FargateService(
            self,
            "Service",
            cluster=ecs.Cluster(
                self, "Cluster", vpc=self._network.vpc, container_insights_v2=ecs.ContainerInsights.ENABLED
            ),
            task_definition=self._define_task(),
            desired_count=2,
            min_healthy_percent=100,
            circuit_breaker=ecs.DeploymentCircuitBreaker(enable=True, rollback=True),
            health_check_grace_period=Duration.minutes(5),
            assign_public_ip=False,
            security_groups=[group],
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        )
        # Without the VPC endpoints no task can fetch its image, and the circuit breaker would undo the first deploy.
        service.node.add_dependency(self._network, group)
        return service

    def _define_task(self) -> ecs.FargateTaskDefinition:
        task = ecs.FargateTaskDefinition(self, "Task", cpu=4096, memory_limit_mib=16384)
        log_group = logs.LogGroup(
            self, "TaskLog", retention=logs.RetentionDays.THREE_MONTHS, removal_policy=RemovalPolicy.DESTROY
        )
        task.add_container(
            "Server",
            image=ecs.ContainerImage.from_ecr_repository(
                ecr.Repository.from_repository_name(self, "Images", REPOSITORY), TAG
            ),
            command=COMMAND,
            port_mappings=[ecs.PortMapping(container_port=PORT)],
            readonly_root_filesystem=True,
            logging=ecs.LogDrivers.aws_logs(stream_prefix="llama", log_group=log_group),
            health_check=ecs.HealthCheck(
                command=["CMD", "curl", "--fail", f"http://localhost:{PORT}/health"], start_period=Duration.minutes(5)
            ),
        )
        acknowledge(
            task.obtain_execution_role(),
            "AwsSolutions-IAM5[Resource::*]",
            "ecr:GetAuthorizationToken takes no resource; the image and the log are named",
        )
        return task

    def _define_load_balancer(
        self, link_group: ec2.SecurityGroup, service: ecs.FargateService
    ) -> elbv2.ApplicationLoadBalancer:
        load_balancer = elbv2.ApplicationLoadBalancer(
            self,
            "LoadBalancer",
            vpc=self._network.vpc,
            internet_facing=False,
            security_group=self._network.define_security_group(self, "LoadBalancerGroup", "ALB of the model server"),
            drop_invalid_header_fields=True,
            idle_timeout=Duration.seconds(LONGEST_SILENCE.total_seconds()),
        )
        load_balancer.log_access_logs(self._network.logs_bucket, "load-balancer")
        listener = load_balancer.add_listener("Http", port=80, protocol=elbv2.ApplicationProtocol.HTTP, open=False)
        listener.connections.allow_default_port_from(link_group)
        tasks = listener.add_targets(
            "Tasks",
            port=PORT,
            protocol=elbv2.ApplicationProtocol.HTTP,
            targets=[service],
            health_check=elbv2.HealthCheck(path="/health"),
        )
        # API Gateway documents that it puts the stage before the path. The server knows no stage: take it off, if it is
        # there. The L2 rule has no transforms.
        elbv2.CfnListenerRule(
            self,
            "StripStage",
            listener_arn=listener.listener_arn,
            priority=1,
            conditions=[{"field": "path-pattern", "pathPatternConfig": {"values": [f"/{STAGE}/v1/*"]}}],
            transforms=[
                {
                    "type": "url-rewrite",
                    "urlRewriteConfig": {"rewrites": [{"regex": f"^/{STAGE}(/v1/.*)$", "replace": "$1"}]},
                }
            ],
            actions=[{"type": "forward", "targetGroupArn": tasks.target_group_arn}],
        )
        return load_balancer


def main() -> None:
    app = App()
    add_policy_checks(app)
    LlamaServiceStack(app, "llama-ecs", env=Environment(region="us-east-1"))
    app.synth()


if __name__ == "__main__":
    main()
