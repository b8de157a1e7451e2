"""What the workflows promise: who may write, what runs where, and that every action is pinned."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from ml_gateway.review.guards import LABEL
from tests.synthesis import TOP, Json

FILES = sorted((TOP / ".github" / "workflows").glob("*.yaml"))
WORKFLOWS: Mapping[str, Json] = {path.stem: yaml.safe_load(path.read_text()) for path in FILES}
JOBS = {(name, job): content for name, workflow in WORKFLOWS.items() for job, content in workflow["jobs"].items()}


def scripts(job: Json) -> list[str]:
    return [step["run"] for step in job.get("steps", ()) if "run" in step]


def uses(job: Json, action: str) -> list[Json]:
    return [step.get("with", {}) for step in job.get("steps", ()) if step.get("uses", "").startswith(f"{action}@")]


def test_the_workflows_are_those_that_are_described() -> None:
    assert set(WORKFLOWS) >= {"ci", "deploy", "review"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_action_is_pinned_by_its_commit(path: Any) -> None:
    used = re.findall(r"uses: (?!\./)(.*)", path.read_text())
    assert used or path.stem == "deploy"  # which calls the workflow beside it, and nothing else
    assert [action for action in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)] == []


def test_one_job_writes_to_pull_requests_and_two_get_a_token_for_the_account() -> None:
    assert all(workflow["permissions"] == {} for workflow in WORKFLOWS.values())
    writes = {key: {k for k, v in job["permissions"].items() if v == "write"} for key, job in JOBS.items()}
    assert {key: names for key, names in writes.items() if names} == {
        ("ci", "diff-with-account"): {"id-token"},
        ("deploy", "production"): {"id-token"},  # which hands it on
        ("deploy-environment", "deploy"): {"id-token"},
        ("review", "comment"): {"pull-requests"},
    }


def test_no_checkout_leaves_a_token_behind() -> None:
    checkouts = [checkout for job in JOBS.values() for checkout in uses(job, "actions/checkout")]
    assert checkouts
    assert all(checkout["persist-credentials"] is False for checkout in checkouts)


def test_no_script_is_written_by_an_event() -> None:
    """Expressions reach scripts through the environment only."""
    found = [script for job in JOBS.values() for script in scripts(job)]
    assert found
    assert [script for script in found if "${{" in script] == []


def test_the_job_that_comments_runs_nothing_of_the_pull_request() -> None:
    job = JOBS["review", "comment"]
    (checkout,) = uses(job, "actions/checkout")
    assert checkout["ref"] == "${{ github.event.pull_request.base.sha }}"
    assert [script for script in scripts(job) if "synth" in script] == []


def test_the_label_is_the_scripts_and_setting_it_reviews_again() -> None:
    (step,) = [step for step in JOBS["review", "comment"]["steps"] if step.get("id") == "review"]
    assert f"labels.*.name, '{LABEL}')" in step["env"]["LABELLED"]
    # YAML reads the key `on` as true.
    triggers: Any = WORKFLOWS["review"]
    assert {"labeled", "unlabeled", "synchronize"} <= set(triggers[True]["pull_request"]["types"])


def test_what_is_deployed_is_what_was_synthesized_and_somebody_approved_it() -> None:
    synthesize, deploy = JOBS["deploy-environment", "synthesize"], JOBS["deploy-environment", "deploy"]
    assert (deploy["needs"], deploy["environment"]) == ("synthesize", "${{ inputs.environment }}")
    (up,), (down,) = uses(synthesize, "actions/upload-artifact"), uses(deploy, "actions/download-artifact")
    assert (up["name"], up["path"]) == (down["name"], down["path"]) == ("assembly-${{ inputs.environment }}", "cdk.out")
    assert scripts(synthesize) == ["make synth"]
    (synth,) = [step for step in synthesize["steps"] if "run" in step]
    assert synth["env"] == {"CONFIG": "${{ inputs.file }}"}
    assert scripts(deploy) == ["make node_modules/.installed", "make deploy ASSEMBLY=cdk.out"]


def test_environments_are_deployed_one_after_the_other() -> None:
    called = {name: job for (workflow, name), job in JOBS.items() if workflow == "deploy"}
    assert called
    assert {job["uses"] for job in called.values()} == {"./.github/workflows/deploy-environment.yaml"}
    assert all(job["if"] == "vars.AWS_DEPLOY_ROLE != ''" for job in called.values())
    assert all((TOP / job["with"]["file"]).is_file() for job in called.values())
    names = [None, *called]
    assert [job.get("needs") for job in called.values()] == names[:-1]
