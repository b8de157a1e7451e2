"""What a document refers to, and when that is another one."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final, TypeGuard

import jsii
from aws_cdk import CfnResource, IStableStringProducer, Lazy, Reference, Stack, Token, Tokenization

from ml_gateway.policy.tokens import reference, tokens_in

FIRST_VERSION: Final = "1"


def version_of(document: Any) -> str:
    """A version that is another one as soon as a resource is that the document refers to.

    Replacing a resource, such as a VPC link whose subnets change, gives a reference another value and leaves the text
    of the document as it is: without another version in it the stage would go on with the old value, which
    CloudFormation deletes next. Resources of API Gateway are left out: they refer to the document themselves. What is
    overridden (`add_property_override`) is not seen: CDK shows it to nobody before the template.
    """
    text = json.dumps(document)
    if not Token.is_unresolved(text):
        return FIRST_VERSION
    # When it is asked for, all resources are as they will be.
    return Lazy.string(_VersionOfReferences(text))


@jsii.implements(IStableStringProducer)
class _VersionOfReferences:
    def __init__(self, text: str) -> None:
        self._text = text

    def produce(self) -> str:
        described = json.dumps(dict(_described(self._text)), sort_keys=True)
        return f"{FIRST_VERSION}-{hashlib.sha256(described.encode()).hexdigest()[:16]}"


def _described(text: str) -> Iterator[tuple[str, Any]]:
    """The path and the properties of each resource that a text refers to, and of those that they are made of."""
    tokens = Tokenization.reverse_string(text).tokens
    left = [token.target for token in tokens if isinstance(token, Reference)]
    seen: set[str] = set()
    resources: dict[str, dict[str, CfnResource]] = {}
    while left:
        resource = left.pop()
        if not _is_described(resource) or resource.node.path in seen:
            continue
        seen.add(resource.node.path)
        stack = Stack.of(resource)
        properties = stack.resolve(resource._cfn_properties)
        yield resource.node.path, properties
        if named := {reference(token) for token in tokens_in(properties)}:
            if stack.node.path not in resources:
                resources[stack.node.path] = _resources_of(stack)
            left += [each for logical_id, each in resources[stack.node.path].items() if logical_id in named]


def _is_described(resource: Any) -> TypeGuard[CfnResource]:
    return isinstance(resource, CfnResource) and not resource.cfn_resource_type.startswith("AWS::ApiGateway::")


def _resources_of(stack: Stack) -> dict[str, CfnResource]:
    """By logical id."""
    return {stack.resolve(each.logical_id): each for each in stack.node.find_all() if _is_described(each)}
