"""Limits that the loader knows, each with the change of the source by which it forgets one."""

from typing import Final

from tests.mutation.mutant import Mutant

RULES: Final = "tests/rules/test_quotas.py"
REFUSED: Final = "tests/refused/test_refused.py"
DESIGN: Final = "tests/design/test_models.py"

LIMIT_MUTANTS: Final = (
    Mutant(
        lost="an API has no more resources than the account's quota",
        file="ml_gateway/rules/quotas.py",
        old="if count > most:",
        new="if False:",
        tests=(RULES,),
    ),
    Mutant(
        lost="a gateway defines no more VPC links than the account's quota",
        file="ml_gateway/rules/quotas.py",
        old="if len(links) > meant.quotas.vpc_links:",
        new="if False:",
        tests=(RULES,),
    ),
    Mutant(
        lost="no buffered answer takes longer than API Gateway waits by the account's quota",
        file="ml_gateway/rules/timeouts.py",
        old="if wait > quotas.integration_timeout:",
        new="if False:",
        tests=(REFUSED,),
    ),
    Mutant(
        lost="no buffered answer takes longer than CloudFront waits by the account's quota",
        file="ml_gateway/rules/timeouts.py",
        old="if wait > quotas.response_timeout:",
        new="if False:",
        tests=(REFUSED,),
    ),
    Mutant(
        lost="the edge is told to wait no longer than the account's quota",
        file="ml_gateway/rules/timeouts.py",
        old="if wait is not None and wait > most:",
        new="if False:",
        tests=(DESIGN,),
    ),
    Mutant(
        lost="the edge waits for a stream as long as the account's quota lets it",
        file="ml_gateway/design/edge.py",
        old="        return most\n",
        new="        return USUAL_EDGE_TIMEOUT\n",
        tests=(DESIGN,),
    ),
    Mutant(
        lost="a setting that was taken out is told with what to write instead",
        file="ml_gateway/reading/problems.py",
        old='case "extra_forbidden" if way_out := way_out_of_removed(without_tags(place)):',
        new='case "extra_forbidden" if way_out := None:',
        tests=(REFUSED,),
    ),
    Mutant(
        lost="outputs are as many whatever the number of models",
        file="ml_gateway/stacks/edge_stack.py",
        old="        self._define_outputs(keeps=design.edge.keeps)\n",
        new="        self._define_outputs(keeps=design.edge.keeps)\n        for name in design.models:\n"
        '            CfnOutput(self, f"{name}Url", value="x")\n',
        tests=("tests/stacks/test_clients.py",),
    ),
)
