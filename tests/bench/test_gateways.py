"""Files with many models, and what counts them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.gateways import count_models, read_templates, render_gateway
from bench.subjects import MOST_MODELS
from ml_gateway import ConfigError, define_gateway, load_config
from tests.synthesis import TOP, new_app


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "gateway.yaml"


def test_as_many_models_as_fit_are_accepted_without_a_raised_quota(file: Path) -> None:
    text = render_gateway(MOST_MODELS)
    file.write_text(text)
    assert len(load_config(file).models) == MOST_MODELS == 299
    assert "service_quotas" not in text


@pytest.mark.parametrize("count", [MOST_MODELS + 1, 1000])
def test_more_models_are_accepted_with_a_raised_quota(file: Path, count: int) -> None:
    file.write_text(render_gateway(count))
    assert len(load_config(file).models) == count


def test_file_of_http_models_has_a_problem_for_each(file: Path) -> None:
    file.write_text(render_gateway(3, scheme="http"))
    with pytest.raises(ConfigError) as refusal:
        load_config(file)
    assert str(refusal.value).count("is not encrypted") == 3


def test_each_model_is_counted_in_the_templates(file: Path) -> None:
    file.write_text(render_gateway(3))
    app = new_app()
    define_gateway(app, load_config(file))
    assert count_models(Path(app.synth().directory)) == 3


def test_what_is_no_template_is_not_read(tmp_path: Path) -> None:
    template = {"Resources": {"A": {"Type": "AWS::CloudFront::Distribution"}}}
    (tmp_path / "a.template.json").write_text(json.dumps(template))
    (tmp_path / "manifest.json").write_text('"https://m0.example.com"')
    assert read_templates(tmp_path) == [template]
    assert count_models(tmp_path) == 0


def test_file_is_loaded_without_the_cdk_and_its_problems_are_told_line_by_line(file: Path) -> None:
    file.write_text(render_gateway(2, scheme="http"))
    script = "import runpy, sys; runpy.run_module('bench.load_file', run_name='__main__'); print('jsii' in sys.modules)"
    command = [sys.executable, "-c", script, str(file)]
    *problems, has_cdk = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )[:-1]
    assert [line.partition(":")[0] for line in problems] == ["4", "5"]
    assert has_cdk == "False"
