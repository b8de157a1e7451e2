"""What is under a key of the gateway's owner, and what the stage lets through, each with the change that loses it."""

from typing import Final

from tests.mutation.mutant import Mutant

ENCRYPTION: Final = "tests/stacks/test_encryption.py"

ENCRYPTION_MUTANTS: Final = (
    Mutant(
        lost="log groups are under the key of their owner",
        file="ml_gateway/constructs/log_group.py",
        old="        encryption_key=encryption_key,\n",
        new="",
        tests=(ENCRYPTION,),
    ),
    Mutant(
        lost="the log of CloudFront is under the key of its owner",
        file="ml_gateway/constructs/edge_access_log.py",
        old="log_group_name=name, encryption_key=encryption_key",
        new="log_group_name=name",
        tests=(ENCRYPTION,),
    ),
    Mutant(
        lost="the logs of web ACLs are under the key of their owner",
        file="ml_gateway/constructs/firewall_log.py",
        old="        encryption_key=encryption_key,\n",
        new="",
        tests=(ENCRYPTION,),
    ),
    Mutant(
        lost="the secrets of clients are under the key of their owner",
        file="ml_gateway/constructs/client_secrets.py",
        old="            encryption_key=self._encryption_key,\n",
        new="",
        tests=(ENCRYPTION,),
    ),
    Mutant(
        lost="origin secrets are under the key of their owner",
        file="ml_gateway/constructs/origin_secrets.py",
        old="        encryption_key=encryption_key,\n        replica_regions=replicated,",
        new="        replica_regions=replicated,",
        tests=(ENCRYPTION,),
    ),
    Mutant(
        lost="replicas are under the key of their region",
        file="ml_gateway/constructs/secret_keys.py",
        old="ReplicaRegion(region=each, encryption_key=replica_keys.get(each))",
        new="ReplicaRegion(region=each)",
        tests=(ENCRYPTION,),
    ),
    Mutant(
        lost="no replica stays without a key unnoticed",
        file="ml_gateway/constructs/secret_keys.py",
        old="if encryption_key is not None and region not in replica_keys",
        new="if region in ()",
        tests=(ENCRYPTION,),
    ),
    Mutant(
        lost="topics are under the key of their owner",
        file="ml_gateway/constructs/alerts/alarms.py",
        old="enforce_ssl=True, master_key=encryption_key",
        new="enforce_ssl=True",
        tests=(ENCRYPTION,),
    ),
    Mutant(
        lost="each region that keeps something has a key of its owner",
        file="ml_gateway/rules/encryption.py",
        old="for region in needed if region not in meant.kms_keys",
        new="for region in ()",
        tests=("tests/refused/test_refused.py",),
    ),
    Mutant(
        lost="the stage has a throttle",
        file="ml_gateway/stacks/api_stack.py",
        old="            throttle=design.throttle,\n",
        new="",
        tests=("tests/stacks/test_throttle.py",),
    ),
    Mutant(
        lost="the stage refuses nobody whom a plan lets through",
        file="ml_gateway/design/throttle.py",
        old="if plan for _ in range(shares)]",
        new="if plan]",
        tests=("tests/design/test_throttle.py",),
    ),
    Mutant(
        lost="a client's own plan counts in what the stage lets through",
        file="ml_gateway/design/throttle.py",
        old="client.plan if isinstance(client.plan, PlanConfig) else plans.get(client.plan)",
        new="None if isinstance(client.plan, PlanConfig) else plans.get(client.plan)",
        tests=("tests/design/test_throttle.py",),
    ),
)
