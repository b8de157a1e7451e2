"""What the edge function guarantees, each with the change that takes it away, and the tests that have to notice."""

from typing import Final

from tests.mutation.mutant import Mutant

EDGE_MUTANTS: Final = (
    Mutant(
        lost="a key of ours is removed from the header that carried it",
        file="ml_gateway/functions/viewer_request/credentials.js",
        old="delete headers[form.header];",
        new="",
        tests=("tests/functions",),
    ),
    Mutant(
        lost="a repeated key is none",
        file="ml_gateway/functions/viewer_request/credentials.js",
        old="header.multiValue.length > 1",
        new="false",
        tests=("tests/functions",),
    ),
    Mutant(
        lost="a key is measured before it is looked at",
        file="ml_gateway/functions/viewer_request/credentials.js",
        old="text.length > LONGEST_KEY || ",
        new="",
        tests=("tests/functions/test_bounds.py",),
    ),
    Mutant(
        lost="a key has one text",
        file="ml_gateway/functions/viewer_request/credentials.js",
        old="text.slice(scheme.length)",
        new="text.slice(scheme.length).trim()",
        tests=("tests/functions/test_assembly.py",),
    ),
    Mutant(
        lost="an x-api-key of another form goes no further",
        file="ml_gateway/functions/viewer_request/credentials.js",
        old="    delete headers['x-api-key'];\n",
        new="",
        tests=("tests/functions",),
    ),
    Mutant(
        lost="a caller cannot change the method",
        file="ml_gateway/functions/viewer_request/headers.js",
        old="' x-http-method-override ",
        new="' ",
        tests=("tests/functions",),
    ),
    Mutant(
        lost="a caller cannot name itself",
        file="ml_gateway/functions/viewer_request/headers.js",
        old=" x-client-id",
        new="",
        tests=("tests/functions",),
    ),
    Mutant(
        lost="an encoded slash is refused",
        file="ml_gateway/functions/viewer_request/path_hygiene.js",
        old="\\x1f\\x7f\\/\\\\?#%]/;",
        new="\\x1f\\x7f\\\\?#%]/;",
        tests=("tests/functions",),
    ),
    Mutant(
        lost="a dot segment is refused",
        file="ml_gateway/functions/viewer_request/path_hygiene.js",
        old="|\\/\\.\\.?(;|%3b|\\/|$)",
        new="",
        tests=("tests/functions",),
    ),
    Mutant(
        lost="the path that was decided about is sent on",
        file="ml_gateway/functions/viewer_request/path_hygiene.js",
        old="request.uri = cleaned(request.uri);",
        new="if (cleaned(request.uri)) { return; }",
        tests=("tests/functions",),
    ),
    Mutant(
        lost="the path is cleaned before anything else looks at it",
        file="ml_gateway/functions/viewer_request/handler.js",
        old="cleanPath, answerPreflight, answerHealth",
        new="answerPreflight, answerHealth, cleanPath",
        tests=("tests/functions",),
    ),
    Mutant(
        lost="path hygiene is linear",
        file="ml_gateway/functions/viewer_request/path_hygiene.js",
        old="const hex = pieces[i].slice(0, 2);",
        new="const hex = pieces[i].slice(0, 2); pieces.join('');",
        tests=("tests/functions/test_bounds.py",),
    ),
    Mutant(
        lost="every behavior has the edge function",
        file="ml_gateway/constructs/gateway_distribution.py",
        old="            function_associations=[self.function.association],\n",
        new="",
        tests=("tests/policy/test_house_rules.py",),
    ),
    Mutant(
        lost="the edge function is published",
        file="ml_gateway/constructs/edge_function.py",
        old="            runtime=cloudfront.FunctionRuntime.JS_2_0,\n",
        new="            runtime=cloudfront.FunctionRuntime.JS_2_0,\n            auto_publish=False,\n",
        tests=("tests/policy/test_house_rules.py",),
    ),
    Mutant(
        lost="the edge function is known by its code",
        file="ml_gateway/functions/assembly.py",
        old="parts != _assembled_parts() or not (",
        new="not (",
        tests=("tests/policy/test_house_rules.py",),
    ),
    Mutant(
        lost="origin custom headers are spelled as mappings name them",
        file="ml_gateway/constructs/gateway_distribution.py",
        old="spelled(header): SecretValue",
        new="header: SecretValue",
        tests=("tests/constructs/test_edge_function.py",),
    ),
    Mutant(
        lost="what no function sees goes into no kept answer",
        file="ml_gateway/constructs/forwarded_headers.py",
        old='("Host", "X-Forwarded-Proto", "X-Real-IP", "Proxy-Authorization")',
        new='("Host",)',
        tests=("tests/constructs/test_edge_function.py",),
    ),
)
