"""What roles may do and who may ask, each with the change that makes it more."""

from typing import Final

from tests.mutation.mutant import Mutant

EXAMPLES: Final = "tests/iam/test_policies_of_examples.py"

IAM_MUTANTS: Final = (
    Mutant(
        lost="nothing but an alarm publishes to the topic of alarms",
        file="ml_gateway/constructs/alerts/alarms.py",
        old='"ArnLike": {"aws:SourceArn": stack.format_arn(service="cloudwatch", resource="alarm:*")},\n',
        new="",
        tests=(EXAMPLES,),
    ),
    Mutant(
        lost="the authorizer reads no secret but the clients'",
        file="ml_gateway/constructs/authorizer.py",
        old='resource_name=naming.client_secret(secrets.gateway_name, "*", "*"),',
        new='resource_name=f"{secrets.gateway_name}/*",',
        tests=(EXAMPLES,),
    ),
    Mutant(
        lost="the authorizer uses the key for secrets alone",
        file="ml_gateway/constructs/authorizer.py",
        old=", conditions=by_secrets_manager",
        new="",
        tests=(EXAMPLES,),
    ),
    Mutant(
        lost="the API asks its function as an authorizer alone",
        file="ml_gateway/constructs/proxy_api.py",
        old='resource_name="authorizers/*"',
        new='resource_name="*"',
        tests=(EXAMPLES,),
    ),
    Mutant(
        lost="no delivery of another account writes the edge's log",
        file="ml_gateway/constructs/edge_access_log.py",
        old='                "StringEquals": {"aws:SourceAccount": stack.account},\n',
        new="",
        tests=(EXAMPLES,),
    ),
    Mutant(
        lost="a pipeline takes on no role but the bootstrap's",
        file="ml_gateway/cli/project/pipeline-roles.yaml",
        old="role/cdk-${Qualifier}-file-publishing-role-${AWS::AccountId}-*",
        new="role/*",
        tests=("tests/iam/test_pipeline_roles.py",),
    ),
)
