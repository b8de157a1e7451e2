"""A web ACL of a synthesized template, and what AWS WAF does to a request by it: our reading of AWS's pages.

It is no witness of AWS. What it does not know it refuses (`settings.NotModelledError`): nothing rests on a guess.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.policy.reading import everything_named
from tests.synthesis import Json, resources
from tests.waf.managed_groups import COUNTS_BY_ITSELF, MANAGED_GROUPS
from tests.waf.rates import RateCounter
from tests.waf.requests import Inspected, Request
from tests.waf.settings import NotModelledError, choice_of, nothing_in, settings_of
from tests.waf.statements import Case, country_label, meets

# The names, metrics and logs of a web ACL change no decision. Nor does data protection, which is about what is stored:
# https://docs.aws.amazon.com/waf/latest/developerguide/data-protection-exceptions.html
_UNREAD: Final = ("Name", "Description", "Tags", "VisibilityConfig", "DataProtectionConfig")
_READ: Final = ("Scope", "DefaultAction", "Rules", "CustomResponseBodies", "AssociationConfig")
_RULE: Final = ("Name", "Priority", "Statement", "Action", "OverrideAction", "RuleLabels", "VisibilityConfig")
_HOSTS: Final = {"CLOUDFRONT": "CLOUDFRONT", "REGIONAL": "API_GATEWAY"}
"""What our web ACLs guard. A limit for another host has no effect."""
_USUAL_BODY_LIMIT: Final = "KB_16"
_CONTENT_TYPES: Final = {"APPLICATION_JSON": "application/json"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What who is blocked gets. Without a body: WAF's own page, or what the API has for it (WAF_FILTERED).

    https://docs.aws.amazon.com/waf/latest/developerguide/customizing-the-response-for-blocked-requests.html
    """

    status: int
    content_type: str | None = None
    body: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What becomes of a request. `rule`: the one that ended it; in a managed group `group/rule`, as in `counted`."""

    rule: str | None
    answer: Answer | None
    counted: tuple[str, ...]
    labels: frozenset[str]


Ending = tuple[str | None, Answer | None]
"""What ends it: the rule, None for the default, and its answer, None for one that lets pass."""


@dataclass(kw_only=True, slots=True)
class Course:
    """A request on its way through the rules, `times` as often at once `at` a second, and what they did so far."""

    seen: Inspected
    at: float
    times: int
    labels: set[str] = field(default_factory=set)
    counted: list[str] = field(default_factory=list)

    def decision(self, ending: Ending) -> Decision:
        rule, answer = ending
        return Decision(rule=rule, answer=answer, counted=tuple(self.counted), labels=frozenset(self.labels))


class WebAcl:
    """The only one of a template, with the counts of its rates.

    `secrets`: name -> value of those that its rules refer to. Errors: a setting that is not modelled.
    """

    def __init__(self, template: Json, *, secrets: Mapping[str, str]) -> None:
        (settings,) = resources(template, "AWS::WAFv2::WebACL").values()
        self._settings = settings_of(settings, "WebACL", *_UNREAD, *_READ)
        self._resources: Json = template["Resources"]
        self._secrets = secrets
        self._rates: Mapping[str, RateCounter] = defaultdict(RateCounter)
        self._rules = [settings_of(rule, "rule", *_RULE) for rule in settings["Rules"]]
        # From the lowest priority to the highest, of which no two are the same:
        # https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-processing-order.html
        self._rules.sort(key=lambda rule: int(rule["Priority"]))
        for each in ("Priority", "Name"):
            if len({rule[each] for rule in self._rules}) != len(self._rules):
                raise NotModelledError(f"two rules have one {each}")
        statements = {rule["Name"]: choice_of(rule["Statement"], rule["Name"]) for rule in self._rules}
        self._groups = {
            name: _actions_in(settings, name)
            for name, (kind, settings) in statements.items()
            if kind == "ManagedRuleGroupStatement"
        }
        self._labelling = {rule["Name"] for rule in self._rules if any(everything_named("GeoMatchStatement", rule))}

    def rules(self) -> list[str]:
        """Their names, in the order in which they look; those of a managed group as `group/rule`."""
        found: list[str] = []
        for rule in self._rules:
            name = rule["Name"]
            found += [f"{name}/{stub}" for stub in self._groups[name]] if name in self._groups else [name]
        return found

    def decide(self, request: Request, *, at: float = 0, times: int = 1) -> Decision:
        """About the first of `times` such requests that come `at` a second; the others count for rates alone."""
        course = Course(seen=Inspected(request, body_limit=self._body_limit()), at=at, times=times)
        for rule in self._rules:
            ending = (self._ask_group if rule["Name"] in self._groups else self._ask)(rule, course)
            if ending is not None:
                return course.decision(ending)
        return course.decision(self._end(None, self._settings["DefaultAction"], "DefaultAction"))

    def _ask(self, rule: Json, course: Course) -> Ending | None:
        """A rule of ours. Labels are added when it has looked, so that later rules alone see them:
        https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-label-add.html."""
        name, statement = rule["Name"], rule["Statement"]
        if "OverrideAction" in rule:
            raise NotModelledError(f"{name}.OverrideAction of a rule that is no group")
        case = Case(
            seen=course.seen,
            labels=frozenset(course.labels),
            prefix=f"awswaf:111122223333:webacl:{self._settings['Name']}:",
            scope=self._settings["Scope"],
            resources=self._resources,
            secrets=self._secrets,
        )
        rate = statement.get("RateBasedStatement")
        if rate is not None:
            met = self._rates[name].is_exceeded(rate, case, name, at=course.at, times=course.times)
        else:
            met = meets(statement, case, name)
        if name in self._labelling:
            course.labels.add(country_label(case.seen))
        if not met:
            return None
        course.labels |= {
            case.prefix + settings_of(label, name, "Name")["Name"] for label in rule.get("RuleLabels", [])
        }
        return self._act(name, rule.get("Action"), course)

    def _ask_group(self, rule: Json, course: Course) -> Ending | None:
        """Its rules one after the other, each with its own action or what takes its place. A group that is
        overridden with Count is evaluated alike, and then counts what it would have ended with.

        https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-rule-group-override-options.html
        """
        name = rule["Name"]
        if "Action" in rule or "RuleLabels" in rule:
            raise NotModelledError(f"{name} is a group with an action or labels of its own")
        override, nothing = choice_of(rule.get("OverrideAction"), f"{name}.OverrideAction")
        if override not in ("Count", "None") or nothing != {}:
            raise NotModelledError(f"{name}.OverrideAction is {rule['OverrideAction']!r}")
        group = rule["Statement"]["ManagedRuleGroupStatement"]["Name"]
        for stub, matches in MANAGED_GROUPS[group].items():
            ending = self._act(f"{name}/{stub}", self._groups[name][stub], course) if matches(course.seen) else None
            if ending is not None:
                if override == "None":
                    return ending
                course.counted.append(name)
                return None
        return None

    def _act(self, name: str, action: Any, course: Course) -> Ending | None:
        """Count goes on, Block and Allow end it:
        https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-action.html."""
        kind, settings = choice_of(action, f"{name}.Action")
        if kind == "Count":
            nothing_in(settings, f"{name}.Action.Count")
            course.counted.append(name)
            return None
        return self._end(name, action, f"{name}.Action")

    def _end(self, name: str | None, action: Any, place: str) -> Ending:
        kind, settings = choice_of(action, place)
        if kind == "Allow":
            nothing_in(settings, f"{place}.Allow")
            return name, None
        if kind != "Block":
            raise NotModelledError(f"{place}.{kind}")
        custom = settings_of(settings, f"{place}.Block", "CustomResponse").get("CustomResponse")
        return name, Answer(status=403) if custom is None else self._custom_answer(custom, f"{place}.CustomResponse")

    def _custom_answer(self, custom: Any, place: str) -> Answer:
        answer = settings_of(custom, place, "ResponseCode", "CustomResponseBodyKey", "ResponseHeaders")
        bodies, key = self._settings.get("CustomResponseBodies", {}), answer["CustomResponseBodyKey"]
        if key not in bodies:
            raise NotModelledError(f"{place} names the body {key}, which is none of {', '.join(bodies)}")
        body = settings_of(bodies[key], key, "Content", "ContentType")
        return Answer(
            status=answer["ResponseCode"],
            content_type=_CONTENT_TYPES.get(body["ContentType"]),
            body=body["Content"],
            headers=tuple((each["Name"], each["Value"]) for each in answer.get("ResponseHeaders", [])),
        )

    def _body_limit(self) -> int:
        """Bytes: https://docs.aws.amazon.com/waf/latest/APIReference/API_RequestBodyAssociatedResourceTypeConfig.html."""
        limits = self._settings.get("AssociationConfig", {}).get("RequestBody", {})
        limit = limits.get(_HOSTS[self._settings["Scope"]], {}).get("DefaultSizeInspectionLimit", _USUAL_BODY_LIMIT)
        return int(limit.removeprefix("KB_")) * 1024


def _actions_in(group: Any, place: str) -> dict[str, Any]:
    """What each rule of a managed group does. Errors: a group, or a name in it, of which there is no stub: WAF itself
    ignores such a name (https://docs.aws.amazon.com/waf/latest/APIReference/API_ManagedRuleGroupStatement.html)."""
    managed = settings_of(group, place, "VendorName", "Name", "RuleActionOverrides")
    if managed["VendorName"] != "AWS" or managed["Name"] not in MANAGED_GROUPS:
        raise NotModelledError(f"{place} is the group {managed['VendorName']} {managed['Name']}")
    stubs = MANAGED_GROUPS[managed["Name"]]
    actions: dict[str, Any] = {stub: {"Count": {}} if stub in COUNTS_BY_ITSELF else {"Block": {}} for stub in stubs}
    for each in managed.get("RuleActionOverrides", []):
        override = settings_of(each, place, "Name", "ActionToUse")
        if override["Name"] not in stubs:
            raise NotModelledError(f"{place} overrides {override['Name']}, of which there is no stub")
        actions[override["Name"]] = override["ActionToUse"]
    return actions
