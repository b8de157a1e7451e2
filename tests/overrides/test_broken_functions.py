"""The function broken on purpose: each time the test that is named has to notice."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.overrides import test_answers as answers
from tests.overrides import test_deploys as deploys
from tests.overrides import test_rollbacks as rollbacks
from tests.overrides import test_signatures as signatures
from tests.overrides.function import Function, alarm

Test = Callable[[Function], None]


def stale(case: str) -> Test:
    return partial(rollbacks.test_what_counts_for_nothing_is_not_built_upon, value=rollbacks.STALE_OR_MALFORMED[case])


def left(value: str) -> Test:
    return partial(deploys.test_what_stands_in_for_anything_else_is_left, value=value)


def answered(url: str) -> Test:
    return partial(answers.test_nobody_is_answered_elsewhere, url=url)


def malformed(model: object, split: object) -> Test:
    return partial(deploys.test_a_resource_without_shares_is_refused, model=model, split=split)


NO_ALARM = partial(rollbacks.test_other_alarms_move_nothing, name="fraud")
PROTOTYPE = partial(rollbacks.test_other_alarms_move_nothing, name="constructor")
OK = partial(rollbacks.test_other_states_move_nothing, state="OK")
OTHER_SOURCE = partial(
    rollbacks.test_other_events_move_nothing, event=alarm(rollbacks.FRAUD_FAILS, source="acme.tests")
)
NO_STATE = partial(rollbacks.test_events_that_lack_something_move_nothing, detail={"alarmName": rollbacks.FRAUD_FAILS})
NO_DETAIL = partial(rollbacks.test_events_that_lack_something_move_nothing, detail=None)
SECOND = partial(rollbacks.test_who_comes_second_reads_again, status=409)
HTTP_SECOND = partial(rollbacks.test_who_comes_second_reads_again, status=412)
FAILING = partial(rollbacks.test_what_fails_is_thrown_at_once, method="PUT", status=500)
DOWN_ON_DELETE = partial(deploys.test_what_cannot_be_taken_away_is_told, method="GET", status=500)
DOWN_ON_CREATE = partial(deploys.test_a_deploy_does_not_fail_with_the_store, status=500)

BROKEN: list[tuple[str, str, str, str, Test]] = [
    ("rollbacks.js", "= new Map(Object.entries(config.alarms))",
     "= { has: () => true, get: name => ({ model: name, version: 'v2', to: 'v1' }) }",
     "the alarm's name is taken for a model", NO_ALARM),
    ("rollbacks.js", "= new Map(Object.entries(config.alarms))",
     "= { has: name => name in config.alarms, get: name => config.alarms[name] }", "a prototype has alarms", PROTOTYPE),
    ("rollbacks.js", "moveShare(alarms.get(about.alarm))", "moveShare({ ...alarms.get(about.alarm), ...event.detail })",
     "the event says which model is meant", rollbacks.test_what_an_event_says_of_models_and_versions_is_not_read),
    ("rollbacks.js", "event.detail.state?.value === 'ALARM' ?", "true ?", "the state is ignored", OK),
    ("rollbacks.js", "state?.value", "state.value", "a missing state is an error", NO_STATE),
    ("rollbacks.js", "event.detail?.alarmName", "event.detail.alarmName", "a missing detail is an error", NO_DETAIL),
    ("rollbacks.js", "event?.source !== 'aws.cloudwatch' || ", "", "anybody's event counts", OTHER_SOURCE),
    ("rollbacks.js", "overrideOf(value, shares) ?? shares", "shares", "overrides are not built upon",
     rollbacks.test_versions_that_fail_one_after_another_are_both_without_a_share),
    ("rollbacks.js", "overrideOf(value, shares) ?? shares", "(value ? JSON.parse(value).split : shares)",
     "stale overrides are built upon", stale("instead of other shares")),
    ("rollbacks.js", "before[version] === 0", "false", "a version without a share has an effect",
     partial(rollbacks.test_nothing_is_rolled_forward, before={})),
    ("rollbacks.js", "before[version] === 0", "value", "whoever is second has no effect",
     rollbacks.test_versions_that_fail_one_after_another_are_both_without_a_share),
    ("rollbacks.js", "        throw error;\n", "", "failures are forgotten", FAILING),
    ("shares.js", "{ ...shares, [from]: 0, [to]: shares[to] + shares[from] }",
     "{ ...shares, [to]: 0, [from]: shares[to] + shares[from] }", "it rolls forward",
     rollbacks.test_the_share_of_a_version_that_fails_goes_to_another),
    ("shares.js", "[to]: shares[to] + shares[from]", "[to]: 100", "other versions lose their share, too",
     rollbacks.test_versions_that_fail_one_after_another_are_both_without_a_share),
    ("shares.js", "found[version] === shares[version]", "true", "an override of other shares counts",
     stale("instead of other shares")),
    ("shares.js", "found[version] === shares[version]", "found[version] == shares[version]", "texts are shares",
     stale("texts instead of shares")),
    ("shares.js", "Object.keys(some).length === Object.keys(others).length", "true", "a version more is overlooked",
     stale("instead of a version more")),
    ("shares.js", "areShares(split) && ", "", "shares may be any", stale("a split of too much")),
    ("shares.js", " && haveSameVersions(split, shares)", "", "versions may be any", stale("a split of other versions")),
    ("shares.js", "Number.isInteger(share) && ", "", "shares may be in parts", stale("half a percent")),
    ("shares.js", " && share >= 0", "", "shares may be negative", stale("a negative share")),
    ("shares.js", "    } catch {\n        return undefined;\n", "    } finally {\n", "a value has to be JSON",
     stale("no JSON")),
    ("shares.js", "read(value)?.instead_of", "read(value).instead_of", "a value may not be null", stale("null")),
    ("shares.js", ".sort()", "", "the id depends on an order",
     partial(deploys.test_the_id_is_the_model_and_its_shares, split={"v2": "10", "v1": "90"}, resource=deploys.ID)),
    ("store.js", "const { headers } = await asked('GET', PATH);\n    const before = await valueOf(key);",
     "const before = await valueOf(key);\n    const { headers } = await asked('GET', PATH);",
     "what others write meanwhile is lost", SECOND),
    ("store.js", "[409, 412]", "[412]", "a conflict is final", SECOND),
    ("store.js", "[409, 412]", "[409]", "a conflict of HTTP is final", HTTP_SECOND),
    ("store.js", "TIMES_AGAIN = 5", "TIMES_AGAIN = 6", "conflicts are tried once more",
     rollbacks.test_who_comes_second_for_ever_fails_in_the_end),
    ("store.js", "!CAME_SECOND.includes(error.status) || ", "", "every failure is tried again", FAILING),
    ("store.js", "after === before", "false", "nothing to change is written",
     rollbacks.test_an_event_that_comes_again_writes_nothing),
    ("store.js", "{ ...ifMatch, 'content-type': 'application/json' }", "{ 'content-type': 'application/json' }",
     "a write names no version", rollbacks.test_the_share_of_a_version_that_fails_goes_to_another),
    ("store.js", "if (!response.ok)", "if (response.status === 409)", "errors are answers", FAILING),
    ("store.js", "redirect: 'error'", "redirect: 'manual'", "redirects are answers",
     rollbacks.test_a_store_that_is_elsewhere_now_is_not_followed),
    ("store.js", ", ...ONCE }", " }", "connections are kept", signatures.test_no_connection_is_kept),
    ("store.js", "encodeURIComponent(ARN)", "ARN", "the ARN is several parts of the path",
     signatures.test_paths_are_encoded_once),
    ("store.js", ".replace(/\\/$/, '')", "", "an address with a slash is another",
     partial(signatures.test_an_emulator_may_be_named_for_all_services, slash="/")),
    ("signing.js", "sessionToken: process.env.AWS_SESSION_TOKEN", "sessionToken: undefined", "no token is sent",
     signatures.test_each_request_is_signed_for_all_regions),
    ("deploys.js", "(standsInFor(value, shares) ? undefined : value)", "undefined", "foreign overrides are deleted",
     left(deploys.OF_OTHER_SHARES)),
    ("deploys.js", "(standsInFor(value, shares) ?", "(overrideOf(value, shares) ?",
     "what counts for nothing stays", deploys.test_a_split_that_is_none_goes_too),
    ("deploys.js", "(standsInFor(value, shares) ? undefined : value)", "value", "nothing is ever taken away",
     deploys.test_what_stood_in_for_the_shares_goes_with_them),
    ("deploys.js", "event.RequestType === 'Delete' ?", "event.RequestType !== 'Create' ?", "an update takes away",
     partial(deploys.test_a_deploy_is_told_what_stands_in_for_the_shares, request_type="Update")),
    ("deploys.js", "event.RequestType === 'Delete' ?", "event.RequestType.toLowerCase() === 'delete' ?",
     "what nobody knows takes away", deploys.test_what_nobody_knows_writes_nothing),
    ("deploys.js", "error.status === MISSING", "false", "a store that is gone stops its stack",
     deploys.test_a_store_that_is_gone_is_no_failure),
    ("deploys.js", "error.status === MISSING", "true", "failures to take away are hidden", DOWN_ON_DELETE),
    ("deploys.js", "        return 'unknown';\n", "        throw error;\n", "a deploy fails with the store",
     DOWN_ON_CREATE),
    ("deploys.js", "PhysicalResourceId: event.PhysicalResourceId };", "PhysicalResourceId: RequestId };",
     "the id of what is deleted changes", deploys.test_what_stood_in_for_the_shares_goes_with_them),
    ("deploys.js", "answer.PhysicalResourceId ??= RequestId;", "", "there is no id", malformed("fraud", None)),
    ("deploys.js", "{ 'content-type': '', ...ONCE }", "ONCE", "the answer has a type",
     answers.test_the_answer_is_put_as_cloudformation_wants_it),
    ("deploys.js", "LOOPBACK.includes(url.hostname)", "true", "anybody is answered",
     answered("http://example.com/answer")),
    ("deploys.js", "LOOPBACK.includes(url.hostname)", "LOOPBACK.some(host => url.href.includes(host))",
     "who has loopback in the name is answered", answered("http://localhost@example.com/")),
    ("deploys.js", "if (!response.ok)", "if (false)", "a lost answer is forgotten",
     partial(answers.test_an_answer_that_does_not_arrive_is_thrown, status=500)),
    ("deploys.js", "redirect: 'error'", "redirect: 'follow'", "the answer is sent on",
     answers.test_an_answer_is_not_sent_on),
    ("deploys.js", "typeof Model === 'string' && ", "", "a model may be a list", malformed(["fraud"], deploys.SPLIT)),
    ("deploys.js", "NAME.test(Model) && ", "", "a model may lead elsewhere", malformed("..", deploys.SPLIT)),
    ("deploys.js", "PERCENT.test(share) ?", "true ?", "a share may be any number", malformed("fraud", {"v1": "100.0"})),
    ("deploys.js", " && areShares(shares) ?", " ?", "a resource may have any shares", malformed("fraud", {"v1": "90"})),
]  # fmt: skip


@pytest.mark.parametrize(("file", "right", "wrong", "notices"), [(*one[:3], one[4]) for one in BROKEN],
                         ids=[one[3] for one in BROKEN])  # fmt: skip
def test_a_broken_function_is_noticed(
    file: str, right: str, wrong: str, notices: Test, function: Function, tmp_path: Path
) -> None:
    broken = function.with_code(file, right, wrong, tmp_path)
    with pytest.raises(AssertionError):
        notices(broken)


@pytest.mark.parametrize("notices", dict.fromkeys(one[4] for one in BROKEN))
def test_the_right_function_passes(notices: Test, function: Function) -> None:
    notices(function)


def test_each_way_to_break_it_has_a_name_of_its_own() -> None:
    assert len({one[3] for one in BROKEN}) == len(BROKEN) > 50
