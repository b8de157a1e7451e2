"""The load balancer of a run, in a VPC that nothing leads into but VPC links."""

from typing import Any, Final, cast

from aws_cdk import CfnOutput, Environment, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from constructs import Construct

from live.plan import STAGE_IN_FRONT, STAGE_NOT_IN_FRONT
from ml_gateway.naming import EDGE_REGION
from ml_gateway.policy import acknowledge

ADDRESSES: Final = "10.0.0.0/24"
ZONES: Final = ("use1-az1", "use1-az2")
"""Two of those in which there are VPC links V2 in us-east-1, which are not all: API Gateway Developer Guide, "Set up
VPC links V2". The names of zones are each account's own, the ids are not."""
PATHS: Final = {STAGE_NOT_IN_FRONT: "/probe*", STAGE_IN_FRONT: "/*/probe*"}
"""What the load balancer says, and at which paths: those of live/gateways/vpc.yaml, as they are or below another."""


class NetworkStack(Stack):
    """Two subnets without a way to the internet or from it, and a load balancer that answers by itself."""

    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, env=Environment(region=EDGE_REGION), **kwargs)
        vpc = self._define_vpc()
        links = ec2.SecurityGroup(self, "Links", vpc=vpc, description="VPC links of a run", allow_all_outbound=False)
        links.add_egress_rule(ec2.Peer.ipv4(ADDRESSES), ec2.Port.tcp(80))
        load_balancer = self._define_load_balancer(vpc)
        first, second = vpc.isolated_subnets
        # By the names that live.plan.NETWORK_OF_FILES has.
        CfnOutput(self, "LoadBalancerArn", value=load_balancer.load_balancer_arn)
        CfnOutput(self, "LoadBalancerHost", value=load_balancer.load_balancer_dns_name)
        CfnOutput(self, "FirstSubnet", value=first.subnet_id)
        CfnOutput(self, "SecondSubnet", value=second.subnet_id)
        CfnOutput(self, "LinksGroup", value=links.security_group_id)

    def _define_vpc(self) -> ec2.Vpc:
        vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr(ADDRESSES),
            max_azs=len(ZONES),
            nat_gateways=0,
            # It would take a function of its own, and nothing is in that group.
            restrict_default_security_group=False,
            subnet_configuration=[
                ec2.SubnetConfiguration(name="Isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
            ],
        )
        for subnet, zone in zip(vpc.isolated_subnets, ZONES, strict=True):
            # The L2 construct takes names of zones alone.
            resource = cast(ec2.CfnSubnet, subnet.node.default_child)
            resource.availability_zone, resource.availability_zone_id = None, zone
        acknowledge(vpc, "AwsSolutions-VPC7", "nothing but this run's own requests travels in it, for an hour or two")
        return vpc

    def _define_load_balancer(self, vpc: ec2.Vpc) -> elbv2.ApplicationLoadBalancer:
        group = ec2.SecurityGroup(self, "Group", vpc=vpc, description="ALB of a run", allow_all_outbound=False)
        group.add_ingress_rule(ec2.Peer.ipv4(ADDRESSES), ec2.Port.tcp(80))
        load_balancer = elbv2.ApplicationLoadBalancer(
            self,
            "LoadBalancer",
            vpc=vpc,
            internet_facing=False,
            security_group=group,
            drop_invalid_header_fields=True,
        )
        acknowledge(load_balancer, "AwsSolutions-ELB2", "it answers the run alone, which writes down what it was told")
        listener = load_balancer.add_listener(
            "Http",
            port=80,
            protocol=elbv2.ApplicationProtocol.HTTP,
            open=False,
            default_action=elbv2.ListenerAction.fixed_response(404, content_type="text/plain"),
        )
        for priority, (says, path) in enumerate(PATHS.items(), start=1):
            listener.add_action(
                f"Path{priority}",
                priority=priority,
                conditions=[elbv2.ListenerCondition.path_patterns([path])],
                action=elbv2.ListenerAction.fixed_response(200, content_type="text/plain", message_body=says),
            )
        return load_balancer
