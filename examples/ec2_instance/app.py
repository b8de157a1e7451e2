#!/usr/bin/env python3
"""A model server on an EC2 instance behind a gateway: POST /score.

Defines a VPC without a way to the internet, one instance in it that is replaced when it fails, behind an internal
NLB, and the gateway before them. Each part may speak to the next alone: VPC link -> NLB -> instance -> VPC endpoints.

    make synth APP=examples/ec2_instance/app.py

To change: the constants below. The machine image is yours: Amazon Linux 2023 (whose SSM agent gives you a shell
without SSH) with the CloudWatch agent and your server, started by systemd, logging to LOG_FILE. The server has to
answer POST /score *and* POST /v1/score: API Gateway documents that it puts the stage before the path, and an NLB
cannot take it off. Instance, NLB and VPC endpoints are paid for by the hour, used or not.

Between the API and the instance HTTP is spoken, inside the VPC. For HTTPS up to the NLB: `tls=True` and as `host` a
name of yours on the backend, an ACM certificate for that name, port 443 and protocol TLS on the listener.
"""

import json
from typing import Any, Final

from aws_cdk import App, CfnOutput, Duration, Environment, RemovalPolicy, Stack
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from examples.shared.private_network import PrivateNetwork
from ml_gateway import (
    ApiKeyLock,
    GatewayDistribution,
    GatewayUsagePlan,
    LoadBalancerBackend,
    OriginSecrets,
    PlanConfig,
    ProxyApi,
    RequestRate,
    Route,
    acknowledge,
    add_policy_checks,
)

REGION: Final = "us-east-1"
MACHINE_IMAGE: Final = "ami-0123456789abcdef0"
INSTANCE_TYPE: Final = "m7i.large"
PORT: Final = 8080
HEALTH_PATH: Final = "/health"
LOG_FILE: Final = "/var/log/model-server.log"
AGENT: Final = "/opt/aws/amazon-cloudwatch-agent"


class ScoringInstanceStack(Stack):
    """A private instance and the gateway, which is the only way to it."""

    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)
        aws = ec2.InterfaceVpcEndpointAwsService
        services = {"Ssm": aws.SSM, "SsmMessages": aws.SSM_MESSAGES, "CloudWatchLogs": aws.CLOUDWATCH_LOGS}
        self._network = PrivateNetwork(self, "Network", services=services)
        link_group = self._network.define_security_group(self, "LinkGroup", "VPC link of the API")
        load_balancer = self._define_load_balancer(link_group, self._define_instance())
        score = LoadBalancerBackend(
            name="Score",
            host=load_balancer.load_balancer_dns_name,
            port=80,
            load_balancer=load_balancer.load_balancer_arn,
            subnets=self._network.subnet_ids,
            security_groups=[link_group.security_group_id],
        )
        api = ProxyApi(
            self,
            "Api",
            name="scoring",
            description="Scores payments",
            routes={Route(http_method="POST", path="/score"): score},
        )
        plan = GatewayUsagePlan(self, "UsagePlan", stage=api.stage, plan=PlanConfig(rate=RequestRate(5), burst=20))
        secrets = OriginSecrets(self, "OriginSecrets", gateway_name="scoring")
        lock = ApiKeyLock(self, "OriginLock", secrets=secrets, stage=api.stage, usage_plan=plan.usage_plan)
        edge = GatewayDistribution(self, "Edge", origin=api.origin(lock))
        CfnOutput(self, "ScoreUrl", value=f"https://{edge.domain_name}/score")

    def _define_instance(self) -> autoscaling.AutoScalingGroup:
        group = self._network.define_security_group(self, "InstanceGroup", "Instance of the model server")
        self._network.let_reach_services(group)
        log_group = logs.LogGroup(
            self, "ServerLog", retention=logs.RetentionDays.THREE_MONTHS, removal_policy=RemovalPolicy.DESTROY
        )
        template = ec2.LaunchTemplate(
            self,
            "Template",
            machine_image=ec2.MachineImage.generic_linux({REGION: MACHINE_IMAGE}),
            instance_type=ec2.InstanceType(INSTANCE_TYPE),
            role=self._define_role(log_group),
            security_group=group,
            associate_public_ip_address=False,
            require_imdsv2=True,
            http_put_response_hop_limit=1,
            detailed_monitoring=True,
            block_devices=[
                ec2.BlockDevice(
                    device_name="/dev/xvda",
                    volume=ec2.BlockDeviceVolume.ebs(
                        30, encrypted=True, volume_type=ec2.EbsDeviceVolumeType.GP3, delete_on_termination=True
                    ),
                )
            ],
            user_data=self._render_user_data(log_group),
        )
        instance = autoscaling.AutoScalingGroup(
            self,
            "Instance",
            vpc=self._network.vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
            launch_template=template,
            min_capacity=1,
            # A second one while an update replaces the first; the pause is for its server to start.
            max_capacity=2,
            update_policy=autoscaling.UpdatePolicy.rolling_update(
                min_instances_in_service=1, pause_time=Duration.minutes(5)
            ),
            termination_policies=[autoscaling.TerminationPolicy.OLDEST_LAUNCH_TEMPLATE],
            # Replaced when the load balancer finds that the server does not answer, too.
            health_checks=autoscaling.HealthChecks.with_additional_checks(
                additional_types=[autoscaling.AdditionalHealthCheckType.ELB], grace_period=Duration.minutes(5)
            ),
        )
        acknowledge(instance, "AwsSolutions-AS3", "one instance, which never scales: there are no events to tell about")
        return instance

    def _define_role(self, log_group: logs.LogGroup) -> iam.Role:
        """What the instance may do: hold a Session Manager session, and write to its log."""
        role = iam.Role(self, "InstanceRole", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
        log_group.grant(role, "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")
        # The managed policy AmazonSSMManagedInstanceCore would add all parameters of the account, and more.
        channels = ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"]
        actions = ["ssm:UpdateInstanceInformation", *(f"ssmmessages:{action}" for action in channels)]
        role.add_to_policy(iam.PolicyStatement(actions=actions, resources=["*"]))
        acknowledge(
            role,
            "AwsSolutions-IAM5[Resource::*]",
            "the ssmmessages actions take no resource, and which instance will call is not known before it runs",
        )
        return role

    @staticmethod
    def _render_user_data(log_group: logs.LogGroup) -> ec2.UserData:
        files = [
            {"file_path": LOG_FILE, "log_group_name": log_group.log_group_name, "log_stream_name": "{instance_id}"}
        ]
        config = json.dumps({"logs": {"logs_collected": {"files": {"collect_list": files}}}})
        user_data = ec2.UserData.for_linux()
        user_data.add_commands(
            f"echo '{config}' > {AGENT}/etc/server.json",
            f"{AGENT}/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:{AGENT}/etc/server.json",
        )
        return user_data

    def _define_load_balancer(
        self, link_group: ec2.SecurityGroup, instance: autoscaling.AutoScalingGroup
    ) -> elbv2.NetworkLoadBalancer:
        load_balancer = elbv2.NetworkLoadBalancer(
            self,
            "LoadBalancer",
            vpc=self._network.vpc,
            internet_facing=False,
            cross_zone_enabled=True,
            security_groups=[self._network.define_security_group(self, "LoadBalancerGroup", "NLB of the model server")],
        )
        # An NLB logs TLS connections; the flow log has all others.
        load_balancer.log_access_logs(self._network.logs_bucket, "load-balancer")
        listener = load_balancer.add_listener("Http", port=80)
        load_balancer.connections.allow_from(link_group, ec2.Port.tcp(80))
        listener.add_targets(
            "Instance",
            port=PORT,
            targets=[instance],
            health_check=elbv2.HealthCheck(protocol=elbv2.Protocol.HTTP, path=HEALTH_PATH),
        )
        load_balancer.connections.allow_to(instance, ec2.Port.tcp(PORT))
        return load_balancer


def main() -> None:
    app = App()
    add_policy_checks(app)
    ScoringInstanceStack(app, "scoring-ec2", env=Environment(region=REGION))
    app.synth()


if __name__ == "__main__":
    main()
