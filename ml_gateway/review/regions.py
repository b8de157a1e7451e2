"""What becomes of the regions of a gateway: those that arrive, go, and answer under one name."""

from collections.abc import Iterator, Mapping
from typing import Final

from ml_gateway import naming
from ml_gateway.review.assembly import Assembly, Resource, StackId, Template
from ml_gateway.review.changes import StackChange
from ml_gateway.review.wording import Quoted, Words

REMOVED_STACK: Final = "a deploy leaves it in the account, where nothing manages it any more"

_PAGE: Final = " (docs/regions.md)"


def removed_stack(stack: StackId, old: Assembly, new: Assembly) -> Words:
    """What it means that a stack is no longer there; of a region's the steps that come first."""
    said: Words = ("the whole stack, removed: ", REMOVED_STACK)
    gateway, region = _of_gateway(stack)
    if stack.name == naming.drain_stack(gateway, region) and stack.name in {other.name for other in new}:
        delete = Quoted(f"aws cloudformation delete-stack --stack-name {stack.name} --region {stack.region}")
        return ("its alarm is in another region now: deploy, then ", delete, ", and not while it drains", _PAGE)
    stays = _api(gateway, region) in new
    if not _goes_on(gateway, new) or not _has_a_name(old.get(_api(gateway, region))):
        return said  # without an origin name the new region is deployed first, and the old one deleted after it
    if stays and stack.name != naming.drain_stack(gateway, region):
        return said
    if _moves(gateway, old, new):
        order = "Keep it, add the new one drained, bring that in, drain this one, and take it away last"
        return (*said, f". No region that answers goes on. {order}", _PAGE)
    ids = _construct_ids(gateway, region, old, new)
    destroy: Words = (Quoted(f"cdk destroy --exclusively {' '.join(ids)}"), " while the file still has it")
    if _answers(old.get(_api(gateway, region))) and not stays:
        return (*said, ". The region still answers: first ", _drained(region), ", deploy, wait, then ", *destroy, _PAGE)
    return (*said, ". First ", *destroy, _PAGE)


def arrives(change: StackChange, old: Assembly) -> Iterator[Words]:
    """A region that is added to a name that callers are served by, and would answer before anybody has looked at it."""
    gateway, region = _of_gateway(change.stack)
    had_a_name = any(
        _has_a_name(template) for stack, template in old.items() if stack.name == naming.api_stack(gateway)
    )
    if _goes_on(gateway, old) and had_a_name and _answers(change.new):
        yield (
            "a new region, which answers as soon as it is there: let it arrive drained, ",
            _drained(region),
            ", look at it, and take that out in another deploy",
            _PAGE,
        )


def is_drained(resource: Resource | None, old: Assembly, new: Assembly) -> bool:
    """Whether it is the record of a region that is drained rightly: another one answers before and after."""
    name = _name(resource)
    return name is not None and bool(_answering(old).get(name, set()) & _answering(new).get(name, set()))


def unanswered(change: StackChange, old: Assembly, new: Assembly) -> Iterator[Words]:
    """A name that leads to nothing for a while, or for good, as every region that answers loses its record."""
    after = _answering(new)
    for name in {each: None for each, _ in _records(change.old)}:
        before, now = _answering(old)[name], after.get(name, set())
        if before & now or change.stack.region not in before:
            continue
        lost: Words = ("nothing answers at ", Quoted(name), " while this is deployed: ")
        if now:
            yield (*lost, "no region that answers goes on, and the others may come too late: bring one of them back "
                          "first, and deploy", _PAGE)  # fmt: skip
        else:
            kept = Quoted(f"edge.domain: {{origin: {name}}}")
            yield (*lost, "the distribution asks there until its own deploy, which comes last. Keep the name by ", kept,
                   ", with the hosted zone", _PAGE)  # fmt: skip


def _drained(region: str) -> Quoted:
    """How the file says it."""
    return Quoted(f"regions: {{{region}: {{drain: true}}}}")


def _of_gateway(stack: StackId) -> tuple[str, str]:
    """The gateway whose API, account or drain a stack is for, and the region that it is about; else nothing."""
    for suffix in (naming.api_stack(""), naming.account_stack("")):
        if stack.name.endswith(suffix):
            return stack.name.removesuffix(suffix), stack.region
    gateway, found, region = stack.name.rpartition(naming.drain_stack("", ""))
    return (gateway, region) if found else ("", "")


def _api(gateway: str, region: str) -> StackId:
    return StackId(naming.api_stack(gateway), region)


def _has_a_name(api: Template | None) -> bool:
    """Whether the edge asks it at an origin name, behind which other regions may be."""
    return api is not None and any(each.type == "AWS::ApiGateway::DomainName" for each in api.resources.values())


def _goes_on(gateway: str, assembly: Assembly) -> bool:
    """Whether the gateway has an API there, in any region. Other apps may call a stack so, too."""
    name = naming.api_stack(gateway)
    return bool(gateway) and any(stack.name == name and _is_ours(each) for stack, each in assembly.items())


def _moves(gateway: str, old: Assembly, new: Assembly) -> bool:
    """Whether none of the regions that answer goes on."""
    before, now = (
        {stack.region for stack, each in assembly.items() if stack.name == naming.api_stack(gateway) and _answers(each)}
        for assembly in (old, new)
    )
    return bool(before) and not before & now


def _is_ours(template: Template | None) -> bool:
    """Whether it has the API of a gateway."""
    return template is not None and any(naming.MODELS_METADATA in each.metadata for each in template.resources.values())


def _construct_ids(gateway: str, region: str, old: Assembly, new: Assembly) -> list[str]:
    """What is gone with a region, as the CLI calls it."""
    gone = sorted(stack for stack in old if stack not in new and _of_gateway(stack) == (gateway, region))
    of_drain = naming.drain_stack(gateway, region)
    return [each.name if each.name == of_drain else naming.construct_id(*each) for each in gone]


def _answering(assembly: Assembly) -> Mapping[str, set[str]]:
    """The regions that answer to each name."""
    found: dict[str, set[str]] = {}
    for template in assembly.values():
        for name, region in _records(template):
            found.setdefault(name, set()).add(region)
    return found


def _answers(template: Template | None) -> bool:
    """Whether requests come to it by a record of its own."""
    return any(True for _ in _records(template))


def _records(template: Template | None) -> Iterator[tuple[str, str]]:
    """Name and region of each latency record of a gateway."""
    for resource in template.resources.values() if template and _is_ours(template) else ():
        name = _name(resource)
        if name is not None:
            yield name, str(resource.properties["Region"])


def _name(resource: Resource | None) -> str | None:
    match resource:
        case Resource(type="AWS::Route53::RecordSet", properties={"Region": str(), "Name": str(name)}):
            return name.removesuffix(".")
    return None
