"""What the document of an API has to say, each with the change that takes it away."""

from typing import Final

from tests.mutation.mutant import Mutant

HOUSE_RULES: Final = "tests/policy/test_house_rules.py"
LAMBDA: Final = "tests/backends/test_lambda.py"
SAGEMAKER_NAMES: Final = "tests/backends/test_sagemaker_names.py"

DOCUMENT_MUTANTS: Final = (
    Mutant(
        lost="an operation requires a key",
        file="ml_gateway/constructs/api_document.py",
        old="[{KEY: []} if authorizer is None",
        new="[{} if authorizer is None",
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="the key of an operation is a scheme of the document",
        file="ml_gateway/constructs/api_document.py",
        old="return {KEY: key}",
        new='return {"other": key}',
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="variables of a path are declared",
        file="ml_gateway/constructs/api_document.py",
        old="for name in route.variables)",
        new="for name in ())",
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="a removed path is gone with the deploy",
        file="ml_gateway/constructs/proxy_api.py",
        old="apigateway.RestApiMode.OVERWRITE",
        new="apigateway.RestApiMode.MERGE",
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="a warning of the import stops the deploy",
        file="ml_gateway/constructs/proxy_api.py",
        old="fail_on_warnings=True",
        new="fail_on_warnings=False",
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="bodies stay binary when the API is imported again",
        file="ml_gateway/constructs/api_document.py",
        old='        "x-amazon-apigateway-binary-media-types": list(PASS_BODIES_AS_THEY_ARE),\n',
        new="",
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="an answer of the gateway has a template to come from",
        file="ml_gateway/backends/gateway_answer.py",
        old='        "requestTemplates": dict.fromkeys(types, f\'{{"statusCode": {status}}}\'),\n',
        new="",
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="an integration waits as long as the file says",
        file="ml_gateway/backends/backend.py",
        old="route.timeout // timedelta(milliseconds=1)",
        new="route.timeout // timedelta(seconds=1)",
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="a template of an error gets text",
        file="ml_gateway/backends/sagemaker.py",
        old='            "contentHandling": "CONVERT_TO_TEXT",\n',
        new="",
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="SageMaker is called with a role",
        file="ml_gateway/backends/sagemaker.py",
        old='                "credentials": self._define_role(scope, action).role_arn,\n',
        new="",
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="each answer of SageMaker is declared",
        file="ml_gateway/backends/sagemaker.py",
        old="for error in errors},",
        new="for error in ()},",
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="SageMaker's headers are picked up as they come",
        file="ml_gateway/backends/sagemaker.py",
        old='header, f"method.request.header.{spelled(header)}"',
        new='header, f"method.request.header.{header}"',
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="backends see no credentials",
        file="ml_gateway/backends/http_proxy.py",
        old="dict.fromkeys(map(spelled, GATEWAY_CREDENTIAL_HEADERS), REPLACED_CREDENTIAL)",
        new="dict[str, str]()",
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="credentials are overwritten in the spelling in which they come",
        file="ml_gateway/backends/http_proxy.py",
        old="map(spelled, GATEWAY_CREDENTIAL_HEADERS)",
        new="GATEWAY_CREDENTIAL_HEADERS",
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="the API may invoke its functions",
        file="ml_gateway/constructs/proxy_api.py",
        old="        self._permit(operations)\n",
        new="",
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="no other API may invoke a Lambda function",
        file="ml_gateway/constructs/proxy_api.py",
        old="                source_arn=self.rest_api.arn_for_execute_api(),\n",
        new="",
        tests=(LAMBDA,),
    ),
    Mutant(
        lost="the alias of a Lambda function alone may be invoked",
        file="ml_gateway/backends/lambda_function.py",
        old="resource_name=function, arn_format",
        new='resource_name=function.partition(":")[0], arn_format',
        tests=(LAMBDA,),
    ),
    Mutant(
        lost="a role invokes one endpoint",
        file="ml_gateway/backends/sagemaker.py",
        old="resource_name=spelling)",
        new='resource_name="*")',
        tests=("tests/backends/test_sagemaker.py",),
    ),
    Mutant(
        lost="a role names its endpoint as SageMaker asks about it",
        file="ml_gateway/backends/sagemaker.py",
        old="else name.lower()]",
        new="else name]",
        tests=(SAGEMAKER_NAMES,),
    ),
    Mutant(
        lost="a role invokes no endpoint whose name begins alike",
        file="ml_gateway/backends/sagemaker.py",
        old="else name.lower()]",
        new='else f"{name.lower()}*"]',
        tests=(SAGEMAKER_NAMES,),
    ),
    Mutant(
        lost="a role invokes the component that was named",
        file="ml_gateway/backends/sagemaker.py",
        old='resources.append(("inference-component", self.inference_component))',
        new='resources.append(("inference-component", self.endpoint))',
        tests=(SAGEMAKER_NAMES,),
    ),
    Mutant(
        lost="a replaced VPC link reaches the stage",
        file="ml_gateway/constructs/referenced.py",
        old="    return Lazy.string(_VersionOfReferences(text))",
        new="    return FIRST_VERSION",
        tests=("tests/backends/test_load_balancer.py",),
    ),
    Mutant(
        lost="a network that is replaced behind a VPC link reaches the stage",
        file="ml_gateway/constructs/referenced.py",
        old="            left += [each for",
        new="            [each for",
        tests=("tests/constructs/test_referenced.py",),
    ),
    Mutant(
        lost="a load balancer that is replaced under its name reaches the stage",
        file="ml_gateway/constructs/referenced.py",
        old="        yield resource.node.path, properties",
        new='        yield resource.node.path, ""',
        tests=("tests/constructs/test_referenced.py",),
    ),
)
