"""Versions of models: each property with the change that takes it away, and the tests that notice.

What runs at the edge, and what writes the store, has tables of its own: functions/broken_versions.py,
overrides/test_broken_functions.py.
"""

from typing import Final

from tests.mutation.mutant import Mutant

STACKS: Final = "tests/stacks/test_rollouts.py"
EDGE: Final = "tests/stacks/test_rollouts_edge.py"
RULES: Final = "tests/rules/test_rollouts.py"
SERVING: Final = "tests/serving/test_versions.py"
DESIGN: Final = "tests/design/test_rollouts.py"
REVIEW: Final = "tests/review/test_rollouts.py"
ALARMS: Final = "tests/constructs/test_rollback_alarms.py"


def _of(file: str, lost: str, old: str, new: str, *tests: str) -> Mutant:
    return Mutant(lost=lost, file=f"ml_gateway/{file}", old=old, new=new, tests=tests)


ROLLOUT_MUTANTS: Final = (
    _of("serving/versions.py", "capitals hide nothing", "return path.lower().startswith", "return path.startswith",
        SERVING),
    _of("serving/versions.py", "an address is asked where callers ask", "callers_path=model.path, ", "",
        "tests/backends/test_load_balancer.py"),
    _of("serving/versions.py", "a dot is a dot", '.replace(".", "[.]")', "", SERVING),
    _of("design/models.py", "a limit holds for each version", "if len(self.versions) > 1 else self.all_routes",
        "if False else self.all_routes", DESIGN, "tests/rules/test_beside_versions.py"),
    _of("design/models.py", "the model's own path stays", "for each in (self, *self.versions.values())",
        "for each in (*self.versions.values(),)", STACKS, DESIGN),
    _of("design/models.py", "a version takes no component of another", "if said.backend and said.inference_component",
        "if False", DESIGN, STACKS),
    _of("design/edge.py", "the edge waits for the slowest version",
        "for model in models for each in (model, *model.versions.values())", "for model in models for each in (model,)",
        DESIGN),
    _of("design/rollouts.py", "headers are told in small letters", "model.choose.lower() if", "model.choose if",
        DESIGN),
    _of("constructs/version_overrides.py", "the role writes one store", "resources=[self.store.key_value_store_arn],",
        'resources=["*"],', EDGE),
    _of("constructs/version_overrides.py", "what stands in for old shares goes last",
        "resource.node.add_dependency(self.function, *deployed)", "resource.node.add_dependency(self.function)", EDGE),
    _of("constructs/version_overrides.py", "an override is of the model that it names",
        '"Model": split.model, ', '"Model": "", ', EDGE),
    _of("stacks/edge_stack.py", "old overrides are taken away", "            overrides.follow(self.distribution)\n", "",
        EDGE),
    _of("stacks/identities.py", "a list of models holds for all versions",
        "for each in (model, *model.versions.values())]", "for each in (model,)]",
        "tests/authorizer/test_versions_decided.py"),
    _of("constructs/rollback_events.py", "an alarm that is over rolls nothing back", '["ALARM"]', '["ALARM", "OK"]',
        EDGE, "tests/policy/test_version_rules.py"),
    _of("constructs/alerts/rollback_alarms.py", "few requests say nothing", "requests >= {said.least}",
        "requests >= 0", ALARMS),
    _of("constructs/alerts/rollback_alarms.py", "us-east-1 forwards nothing to itself",
        "if metrics.region != naming.EDGE_REGION:", "if True:", ALARMS, EDGE, STACKS),
    _of("design/gateway.py", "the version that callers get is not rolled back",
        "            if version != model.rollback.to\n", "", DESIGN, EDGE),
    _of("rules/rollouts.py", "nobody makes a version fail on purpose", "if model.choose is not None:", "if False:",
        RULES),
    _of("review/rollouts.py", "a version that goes with its share is told", "if share := shares.get(name, 0):",
        "if share := 0:", REVIEW),
    _of("review/rollouts.py", "a single one is asked under the model's own path", " if len(split) > 1:", ":", REVIEW),
)  # fmt: skip
