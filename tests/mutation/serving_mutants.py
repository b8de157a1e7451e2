"""What a model shows and where it is asked, each with the change that takes it away, and the tests that notice."""

from typing import Final

from tests.mutation.mutant import Mutant

BASE_URLS: Final = "tests/backends/test_base_urls.py"
DESIGN: Final = "tests/design/test_models.py"

SERVING_MUTANTS: Final = (
    Mutant(
        lost="callers see no list of what a token of the gateway may use",
        file="ml_gateway/design/models.py",
        old="return not backend.secrets",
        new="return True",
        tests=(DESIGN,),
    ),
    Mutant(
        lost="a value of Python lists nothing by a token of the gateway either",
        file="ml_gateway/backends/from_config.py",
        old="if (backend.bearer or backend.secret_headers) and model.asks_for_lists:",
        new="if False:",
        tests=(BASE_URLS,),
    ),
    Mutant(
        lost="no list of models is kept",
        file="ml_gateway/design/edge.py",
        old="for pattern in known.never_kept)",
        new="for pattern in ())",
        tests=(DESIGN,),
    ),
    Mutant(
        lost="what is never kept comes before all caches",
        file="ml_gateway/constructs/cache_policies.py",
        old="            **dict.fromkeys(never_kept, cloudfront.CachePolicy.CACHING_DISABLED),\n",
        new="",
        tests=("tests/constructs/test_cache_policies.py",),
    ),
    Mutant(
        lost="an error of a list that is never kept answers nobody else",
        file="ml_gateway/rules/caches.py",
        old="    elif meant.edge.never_kept:\n",
        new="    elif False:\n",
        tests=("tests/refused/test_refused.py",),
    ),
    Mutant(
        lost="a URL that has a route already is no base URL",
        file="ml_gateway/serving/base_urls.py",
        old="    if end := _end(path, _routes_of(protocol)):\n",
        new="    if end := None:\n",
        tests=(BASE_URLS,),
    ),
    Mutant(
        lost="the two default errors keep the status that came",
        file="ml_gateway/constructs/api_document.py",
        old="{} if error.keeps_status else ",
        new="",
        tests=("tests/constructs/test_gateway_errors.py",),
    ),
    Mutant(
        lost="a paused model asks no backend",
        file="ml_gateway/backends/from_config.py",
        old="    if model.paused:\n",
        new="    if False:\n",
        tests=("tests/backends/test_paused.py",),
    ),
    Mutant(
        lost="nothing that was kept of a paused model is given in place of its 503",
        file="ml_gateway/design/edge.py",
        old="if not model.served.paused or would_keep",
        new="if True or would_keep",
        tests=("tests/design/test_paused.py",),
    ),
    Mutant(
        lost="nobody keeps what a paused model answers",
        file="ml_gateway/backends/paused.py",
        old='    "Cache-Control": "\'no-store\'",\n',
        new="",
        tests=("tests/backends/test_paused.py",),
    ),
    Mutant(
        lost="the edge keeps no answer of a paused model either",
        file="ml_gateway/constructs/gateway_distribution.py",
        old="(*_ERRORS_OF_THE_CALLER, _PAUSED)",
        new="_ERRORS_OF_THE_CALLER",
        tests=("tests/constructs/test_gateway_distribution.py",),
    ),
)
