"""What web ACLs decide, each with the change that takes it away, and the requests that have to notice."""

from typing import Final

from tests.mutation.mutant import Mutant

REQUESTS: Final = "tests/waf/test_examples.py"
HARM: Final = "tests/waf/test_harm.py"

FIREWALL_MUTANTS: Final = (
    Mutant(
        lost="who calls too often is told when to come again",
        file="ml_gateway/constructs/edge_answers.py",
        old="headers = (*error.headers, *(",
        new="headers = (*(), *(",
        tests=(REQUESTS,),
    ),
    Mutant(
        lost="a key has one rate, in whatever capitals its scheme comes",
        file="ml_gateway/constructs/edge_rules.py",
        old='_SAME_KEY: Final = ("COMPRESS_WHITE_SPACE", "LOWERCASE")',
        new='_SAME_KEY: Final = ("COMPRESS_WHITE_SPACE",)',
        tests=(HARM,),
    ),
    Mutant(
        lost="as much of a body is inspected as WAF can",
        file="ml_gateway/constructs/web_acl.py",
        old='INSPECTED_BODY: Final = "KB_64"',
        new='INSPECTED_BODY: Final = "KB_16"',
        tests=(HARM,),
    ),
    Mutant(
        lost="prompts that a web application would not want pass",
        file="ml_gateway/constructs/managed_rules.py",
        old="for rule in group.counted:",
        new="for rule in ():",
        tests=(REQUESTS,),
    ),
    Mutant(
        lost="a rehearsal refuses nobody",
        file="ml_gateway/constructs/edge_firewall.py",
        old='rehearsal = firewall.mode == "count"',
        new="rehearsal = False",
        tests=(REQUESTS,),
    ),
    Mutant(
        lost="the lock blocks",
        file="ml_gateway/constructs/origin_lock_rule.py",
        old="action=wafv2.CfnWebACL.RuleActionProperty(block={}),",
        new="action=wafv2.CfnWebACL.RuleActionProperty(count={}),",
        tests=(HARM,),
    ),
)
