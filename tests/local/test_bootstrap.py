"""What a local cloud is prepared with is what the template of the CLI has under the same names."""

import yaml

from ml_gateway.local.bootstrap import QUALIFIER, toolkit_template
from tests.synthesis import TOP

ACCOUNT, REGION = "123456789012", "eu-west-1"


def test_bucket_and_version_are_those_of_the_cli() -> None:
    file = TOP / "node_modules" / "aws-cdk" / "lib" / "api" / "bootstrap" / "bootstrap-template.yaml"
    known = {"${Qualifier}": QUALIFIER, "${AWS::AccountId}": ACCOUNT, "${AWS::Region}": REGION}
    text = file.read_text()
    for variable, value in known.items():
        text = text.replace(variable, value)
    theirs = yaml.safe_load(text)
    ours = toolkit_template(ACCOUNT, REGION)

    assert theirs["Parameters"]["Qualifier"]["Default"] == QUALIFIER
    bucket, version = (theirs["Resources"][name]["Properties"] for name in ("StagingBucket", "CdkBootstrapVersion"))
    _, _, usual = bucket["BucketName"]["Fn::If"]
    assert ours["Resources"]["StagingBucket"]["Properties"] == {"BucketName": usual["Fn::Sub"]}
    assert ours["Resources"]["CdkBootstrapVersion"]["Properties"] == {**version, "Name": version["Name"]["Fn::Sub"]}
    assert ours["Outputs"].keys() < theirs["Outputs"].keys()
    assert ours["Outputs"]["BootstrapVersion"]["Value"] == theirs["Outputs"]["BootstrapVersion"]["Value"]
