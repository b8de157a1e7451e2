"""What holds of several regions behind one name, and what loses each."""

from typing import Final

from tests.mutation.mutant import Mutant

NAME: Final = "tests/stacks/test_origin_name.py"
REGIONS: Final = "tests/stacks/test_regions.py"
REVIEW: Final = "tests/review/test_regions.py"
HOUSE_RULES: Final = "tests/policy/test_house_rules.py"
DNS: Final = "tests/local/test_ministack_dns.py"
HEADERS: Final = "tests/constructs/test_response_headers.py"

REGION_MUTANTS: Final = (
    Mutant(
        lost="a record is live once all else of its stack is there",
        file="ml_gateway/constructs/origin_domain.py",
        old="record.node.add_dependency(self._mapping, *after)",
        new="record.node.add_dependency(self._mapping)",
        tests=(NAME,),
    ),
    Mutant(
        lost="Route 53 answers with no region whose API Gateway fails",
        file="ml_gateway/constructs/origin_domain.py",
        old='"AliasTarget.EvaluateTargetHealth", True',
        new='"AliasTarget.EvaluateTargetHealth", False',
        tests=(NAME, HOUSE_RULES),
    ),
    Mutant(
        lost="the first record is one beside which others can be",
        file="ml_gateway/constructs/origin_domain.py",
        old="            region=Stack.of(self).region,\n",
        new="",
        tests=(REGIONS,),
    ),
    Mutant(
        lost="the origin name speaks TLS 1.2",
        file="ml_gateway/constructs/origin_domain.py",
        old="SecurityPolicy.TLS_1_2",
        new="SecurityPolicy.TLS_1_0",
        tests=(HOUSE_RULES, "tests/policy/test_checks.py"),
    ),
    Mutant(
        lost="every region accepts a secret before the edge sends it",
        file="ml_gateway/application.py",
        old="        edge.add_stack_dependency(api)\n",
        new="        pass\n",
        tests=(REGIONS,),
    ),
    Mutant(
        lost="an alarm is there before the check that copies it",
        file="ml_gateway/application.py",
        old="for before in (drains.get(region), accounts.get(region)):",
        new="for before in (accounts.get(region),):",
        tests=(REGIONS,),
    ),
    Mutant(
        lost="us-east-1 is drained from elsewhere",
        file="ml_gateway/design/regions.py",
        old='_ALARM_OF_THE_EDGE_REGION: Final = "us-west-2"',
        new='_ALARM_OF_THE_EDGE_REGION: Final = "us-east-1"',
        tests=(REGIONS,),
    ),
    Mutant(
        lost="a drain outlives the data of its metric",
        file="ml_gateway/constructs/drain.py",
        old="InsufficientDataHealthStatusEnum.LAST_KNOWN_STATUS",
        new="InsufficientDataHealthStatusEnum.HEALTHY",
        tests=(REGIONS,),
    ),
    Mutant(
        lost="a region that the file drains has no record",
        file="ml_gateway/stacks/api_stack.py",
        old="        if not here.drained:\n",
        new="        if here:\n",
        tests=(REGIONS,),
    ),
    Mutant(
        lost="an edge that asked at execute-api can be rolled back",
        file="ml_gateway/stacks/api_stack.py",
        old=".override_logical_id(naming.API_ID)",
        new="",
        tests=(NAME,),
    ),
    Mutant(
        lost="no backend says which region answered",
        file="ml_gateway/constructs/response_headers.py",
        old="(*REMOVED_HEADERS, REGION_HEADER)",
        new="REMOVED_HEADERS",
        tests=(HEADERS,),
    ),
    Mutant(
        lost="a plan that is split lets its part through",
        file="ml_gateway/design/gateway.py",
        old="PlanDesign.of(plan, models, regions=len(regions)) for name, plan in config.plans.items()",
        new="PlanDesign.of(plan, models) for name, plan in config.plans.items()",
        tests=(REGIONS,),
    ),
    Mutant(
        lost="a key is not blocked at the edge for what two regions let through",
        file="ml_gateway/design/firewall.py",
        old='(regions if plan.across_regions == "each" else 1)',
        new="1",
        tests=(REGIONS,),
    ),
    Mutant(
        lost="what is in one region is not called from another",
        file="ml_gateway/rules/places.py",
        old="        elif len(meant.regions) > 1 and not",
        new="        elif False and not",
        tests=("tests/rules/test_places_by_region.py",),
    ),
    Mutant(
        lost="no deploy drains the last region",
        file="ml_gateway/review/regions.py",
        old="        if before & now or change.stack.region not in before:",
        new="        if True:",
        tests=(REVIEW,),
    ),
    Mutant(
        lost="a region is destroyed before the file forgets it",
        file="ml_gateway/review/regions.py",
        old="    if not _goes_on(gateway, new) or",
        new="    if True or",
        tests=(REVIEW,),
    ),
    Mutant(
        lost="no name of the local cloud is asked of the world",
        file="ml_gateway/local/ministack_dns.py",
        old="        if not found:\n",
        new="        if False:\n",
        tests=(DNS,),
    ),
    Mutant(
        lost="a drained region is not asked in the local cloud",
        file="ml_gateway/local/ministack_dns.py",
        old='if is_healthy(record.get("HealthCheckId"))] or found',
        new="] or found",
        tests=(DNS,),
    ),
)
