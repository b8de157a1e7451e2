"""What the callers of an API lose by another document of it, in words."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from ml_gateway import naming
from ml_gateway.review.api_changes import ApiChange, name_of, subject_of
from ml_gateway.review.assembly import Assembly, Json, Resource, StackId, Template
from ml_gateway.review.documents import Document, Operation
from ml_gateway.review.rollouts import lost_version
from ml_gateway.review.wording import Quoted, Words
from ml_gateway.serving.versions import MARK

UNKNOWN_ADDRESS: Final = "<distribution>"
"""The distribution's domain name, where CloudFront gives it."""

_MESSAGES: Final = ("message", "error")
"""Where the dialects have the text that people read; what is no text there is for programs."""


def losses(change: ApiChange, *, before: str, now: str, shares: Mapping[str, int]) -> Iterator[Words]:
    """All that `change` takes from callers, who know the API at the domain name `before`, and then at `now`.

    `shares` has those of the versions of models, to which no caller comes by itself.
    """
    if change.unreadable is not None:
        yield (f"nobody can tell from the document of the API what callers lose: {change.unreadable}",)
    if change.old is None or change.new is None:
        return
    old, new = change.old, change.new
    lost = [operation for operation in old.operations if not new.answering(operation.method, operation.path)]
    of_model = _by_model(old.operations)
    for model, operations in _by_model(lost).items():
        if model is not None and MARK in model:
            # Of one that stays, and of a model that goes, what is said of the model is enough.
            if model not in new.models and model.partition(MARK)[0] in new.models:
                yield from lost_version(model, shares)
            continue
        renamed = [] if model is None else [each for each in operations if _answers_renamed(model, each, old, new)]
        if model is not None and renamed:
            yield _renamed(model, renamed, old, new)
            yield from (
                (*_named(operation), " stops answering") for operation in operations if operation not in renamed
            )
        elif model is not None and model in old.models and len(operations) == len(of_model[model]):
            yield _unanswered(model, old, new, (before, now))
        else:
            yield from ((*_named(operation), " stops answering") for operation in operations)
    yield from _unlocked(old, new)
    if told := told_otherwise(old.errors, new.errors):
        yield (f"errors: {len(told)} of the API's own answers get another status or body, by which clients tell them",)


def address(assembly: Assembly, stack: StackId) -> str:
    """The domain name at which callers find the API of `stack`: its distribution's own one, if it has one."""
    gateway = stack.name.removesuffix(naming.api_stack(""))
    edges = [template for other, template in assembly.items() if other.name == naming.edge_stack(gateway)]
    for templates in ([assembly[stack]], edges, assembly.values()):
        if found := _distributions(templates):
            return _alias(found[0]) if len(found) == 1 else UNKNOWN_ADDRESS
    return UNKNOWN_ADDRESS


def told_otherwise(old: Json, new: Json) -> list[str]:
    """The errors that programs read otherwise than before: all but those whose message alone has other words."""
    names = sorted({*old, *new})
    return [name for name in names if _read_by_programs(old.get(name)) != _read_by_programs(new.get(name))]


def _unanswered(model: str, old: Document, new: Document, domains: tuple[str, str]) -> Words:
    before, now = domains
    path, moved = old.models[model], new.models.get(model)
    loss: Words = ("model ", Quoted(model), ": ", Quoted(f"https://{before}{path}"), " stops answering")
    if moved is None:
        return loss
    if moved == path:
        return (*loss, " as it did; other operations answer there now")
    return (*loss, "; the model answers at ", Quoted(f"https://{now}{moved}"), " now")


def _answers_renamed(model: str, operation: Operation, old: Document, new: Document) -> bool:
    """Whether it answers where the model's other name stands in place of the old one."""
    root, before, now = old.models.get(model, ""), old.served_as.get(model, model), new.served_as.get(model, model)
    parts = (
        now + part.removeprefix(before) if part.partition(":")[0] == before else part
        for part in operation.path.removeprefix(root).split("/")
    )
    return before != now and new.answering(operation.method, root + "/".join(parts)) is not None


def _renamed(model: str, operations: Sequence[Operation], old: Document, new: Document) -> Words:
    before, now = (Quoted(each.served_as.get(model, model)) for each in (old, new))
    changed: Words = ("model ", Quoted(model), ": its paths call it ", now, ", no longer ", before)
    example = Quoted(name_of(operations[0]))
    return (*changed, f"; {len(operations)} of its operations answer under that name, as ", example, " did")


def _unlocked(old: Document, new: Document) -> Iterator[Words]:
    for operation in old.operations:
        after = new.answering(operation.method, operation.path)
        if operation.asks_for_key and after is not None and not after.asks_for_key:
            yield (*_named(after), " **answers without any key**")


def _named(operation: Operation) -> Words:
    subject = subject_of(operation)
    return (*subject, *((": ",) if subject else ()), Quoted(name_of(operation)))


def _by_model(operations: Iterable[Operation]) -> Mapping[str | None, Sequence[Operation]]:
    found: dict[str | None, list[Operation]] = {}
    for operation in operations:
        found.setdefault(operation.model, []).append(operation)
    return found


def _distributions(templates: Iterable[Template]) -> list[Resource]:
    resources = (resource for template in templates for resource in template.resources.values())
    return [resource for resource in resources if resource.type == "AWS::CloudFront::Distribution"]


def _alias(distribution: Resource) -> str:
    match distribution.properties.get("DistributionConfig"):
        case {"Aliases": [str(name), *_]}:
            return name
    return UNKNOWN_ADDRESS


def _read_by_programs(error: Any) -> Any:
    match error:
        case {"responseTemplates": dict(templates)}:
            bodies = {media_type: _without_message(body) for media_type, body in templates.items()}
            return {**error, "responseTemplates": bodies}
    return error


def _without_message(body: Any) -> Any:
    try:
        return json.loads(body, object_hook=_without_texts)
    except (TypeError, ValueError, RecursionError):  # a token, or no JSON
        return body


def _without_texts(found: Json) -> Json:
    return {name: "" if name in _MESSAGES and isinstance(value, str) else value for name, value in found.items()}
