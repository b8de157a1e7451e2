"""Rules about the name by which a distribution reaches the APIs of several regions."""

from collections.abc import Iterator
from typing import Final

from ml_gateway.policy.finding import Finding
from ml_gateway.policy.house_rule import all_of, house_rule
from ml_gateway.policy.template import Place, Template
from ml_gateway.policy.tokens import named_in

_NO_PART_OF_AN_ANSWER: Final = frozenset({"AWS::CDK::Metadata", "AWS::Route53::RecordSet"})


def _records_of_apis(template: Template) -> list[Place]:
    """Latency records beside a custom domain of an API."""
    if not template.all_of("AWS::ApiGateway::DomainName"):
        return []
    return [record for record in template.all_of("AWS::Route53::RecordSet") if "Region" in record.value]


@house_rule(
    "RecordsComeLast",
    "a latency record of an API depends on everything else in its stack: it is live once it is there",
    subjects=_records_of_apis,
    source="docs/adr/0026-several-regions-behind-one-name.md",
)
def records_come_last(record: Place) -> Iterator[Finding]:
    template, before = record.template, _all_before(record.template.resource(record.logical_id))
    for other in template.resources:
        if template.type_of(other.logical_id) not in _NO_PART_OF_AN_ANSWER and other.logical_id not in before:
            found = f"lacks {other.logical_id}, without which an answer may be another one"
            yield Finding(logical_id=record.logical_id, location="DependsOn", found=found)


def _all_before(record: Place) -> set[str]:
    """The logical ids of what a resource waits for, in any number of steps."""
    template, known, left = record.template, set[str](), [record]
    while left:
        resource = left.pop()
        for name in {*resource.depends_on(), *named_in(resource.value.get("Properties", {}))} - known:
            if template.type_of(name) is not None:
                known.add(name)
                left.append(template.resource(name))
    return known


@house_rule(
    "NamesOfApisSpeakTls12",
    "a custom domain of an API takes TLS 1.2 or newer alone",
    subjects=all_of("AWS::ApiGateway::DomainName"),
    source="API Gateway Developer Guide, Choose a security policy for your custom domain; docs/security.md",
)
def names_of_apis_speak_tls_1_2(domain: Place) -> Iterator[Finding]:
    policy = domain["SecurityPolicy"]
    if policy.text() != "TLS_1_2" and not policy.text().startswith(("SecurityPolicy_TLS12_", "SecurityPolicy_TLS13_")):
        yield policy.wrong(f"is {policy.text()}, and has to be TLS_1_2 or newer")


@house_rule(
    "RecordsFollowTheHealthOfApis",
    "a latency record of an API is not answered with while the API is not healthy",
    subjects=_records_of_apis,
    source="Route 53 Developer Guide, Values specific for latency alias records, Evaluate target health",
)
def records_follow_the_health_of_apis(record: Place) -> Iterator[Finding]:
    yield from record["AliasTarget"]["EvaluateTargetHealth"].must_be(True)


REGION_RULES: Final = (records_come_last, records_follow_the_health_of_apis, names_of_apis_speak_tls_1_2)
