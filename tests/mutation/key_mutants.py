"""What keeps keys and origin secrets right over deploys, each with the change of the source by which it is lost."""

from typing import Final

from tests.mutation.mutant import Mutant

KEPT: Final = "tests/policy/test_origin_secrets_are_kept.py"
CLIENTS: Final = "tests/constructs/test_client_keys.py"
REVIEW: Final = "tests/review/test_guards.py"

KEY_MUTANTS: Final = (
    Mutant(
        lost="two generations are accepted, not three",
        file="ml_gateway/credentials.py",
        old="ACCEPTED_GENERATIONS: Final = 2",
        new="ACCEPTED_GENERATIONS: Final = 3",
        tests=("tests/stacks/test_variations.py",),
    ),
    Mutant(
        lost="what the API of the deploy before names is kept",
        file="ml_gateway/credentials.py",
        old="KEPT_GENERATIONS: Final = 3",
        new="KEPT_GENERATIONS: Final = 2",
        tests=(KEPT,),
    ),
    Mutant(
        lost="each region has a replica of each secret",
        file="ml_gateway/stacks/keys_stack.py",
        old="replica_regions = [region for region in design.regions if region != naming.EDGE_REGION]",
        new="replica_regions: list[str] = []",
        tests=(KEPT,),
    ),
    Mutant(
        lost="API Gateway is not given a key's value twice: CloudFormation names keys",
        file="ml_gateway/constructs/plan_key.py",
        old="        description=description,\n",
        new="        description=description,\n        api_key_name=description,\n",
        tests=(CLIENTS,),
    ),
    Mutant(
        lost="a client's secret is named by its client",
        file="ml_gateway/naming.py",
        old='return f"{gateway}/clients/{client}/{key}"',
        new='return f"{gateway}/clients/{key}"',
        tests=(CLIENTS,),
    ),
    Mutant(
        lost="the review notices a jump of the generation",
        file="ml_gateway/review/credentials.py",
        old="if self.after > self.before + 1:",
        new="if False:",
        tests=(REVIEW,),
    ),
    Mutant(
        lost="the review excuses no secret that the API still names",
        file="ml_gateway/review/credentials.py",
        old="kept = KEPT_GENERATIONS if resource.type == SECRET else ACCEPTED_GENERATIONS",
        new="kept = ACCEPTED_GENERATIONS",
        tests=(REVIEW,),
    ),
)
