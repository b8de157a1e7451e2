"""Who calls and what they may call: each property with the change that takes it away, and the tests that notice."""

from typing import Final

from tests.mutation.mutant import Mutant

AUTHORIZER: Final = "ml_gateway/functions/authorizer"
KEYS: Final = "tests/authorizer/test_keys.py"
TOKENS: Final = "tests/authorizer/test_tokens.py"
FORGED: Final = "tests/authorizer/test_forged_tokens.py"
ISSUERS: Final = "tests/authorizer/test_issuers.py"
DECIDED: Final = "tests/authorizer/test_policies_decided.py"
STACKS: Final = "tests/stacks/test_identities.py"
REFUSED: Final = "tests/refused/test_refused.py"


def _of(file: str, lost: str, old: str, new: str, *tests: str) -> Mutant:
    return Mutant(lost=lost, file=f"{AUTHORIZER}/{file}", old=old, new=new, tests=tests)


IDENTITY_MUTANTS: Final = (
    _of("index.js", "there is one credential", "values.length !== 1 || ", "", KEYS),
    _of("index.js", "a credential is measured first", " || values[0].length > LONGEST", "", KEYS),
    _of("index.js", "the header has any capitals", "name.toLowerCase() === HEADER", "name === 'X-Api-Key'", KEYS),
    _of("index.js", "who is not known is 401, and no other error", "refused ? 'Unauthorized' : 'Unavailable'",
        "'Unavailable'", KEYS),
    _of("index.js", "what cannot be told is no 401", "refused ? 'Unauthorized' : 'Unavailable'", "'Unauthorized'",
        ISSUERS),
    _of("refused.js", "no message of a library is logged", "typeof code === 'string' ? code : error.name",
        "`${error.message} ${error.cause}`", TOKENS, FORGED),
    _of("keys.js", "nobody presents the key that counts for tokens",
        "for (const usageKey of keys.map(", "for (const usageKey of [...keys, tokens].map(", KEYS),
    _of("keys.js", "secrets are read once", "    reading ??= read()", "    reading = read()", KEYS),
    _of("keys.js", "what failed is read again", "        reading = undefined;\n", "", KEYS),
    _of("keys.js", "a missing secret refuses its key alone", "ErrorCode !== 'ResourceNotFoundException'", "true", KEYS),
    _of("keys.js", "a secret that cannot be read is told", "ErrorCode !== 'ResourceNotFoundException'", "false", KEYS),
    _of("keys.js", "twenty secrets are read at once", "MOST_SECRETS = 20", "MOST_SECRETS = 100",
        "tests/authorizer/test_many_secrets.py"),
    _of("tokens.js", "HS256 is not taken", "['RS256',", "['HS256', 'RS256',", FORGED),
    _of("tokens.js", "a token has an end", "            requiredClaims: ['exp'],\n", "", TOKENS),
    _of("tokens.js", "the audience is checked", "issuer.audience.length ?", "false ?", TOKENS),
    _of("tokens.js", "what is required is there", "claims[name] !== issuer.require[name]", "false", TOKENS),
    _of("tokens.js", "a claim is a text of its own kind", "issuer.clients.get(claims[issuer.claim])",
        "issuer.clients.get(String(claims[issuer.claim]))", TOKENS),
    _of("tokens.js", "an unknown claim is nobody's", "    if (client === undefined) {", "    if (false) {", TOKENS),
    _of("tokens.js", "two claims of one name are none", "!token.split('.').slice(0, 2).every(hasEachNameOnce)", "false",
        TOKENS),
    _of("tokens.js", "an issuer that is not listed is none", "    if (!issuer) {", "    if (false) {", FORGED, TOKENS),
    _of("tokens.js", "clocks may differ", "CLOCKS_DIFFER = 30", "CLOCKS_DIFFER = 0", TOKENS),
    _of("tokens.js", "a new key of a failing issuer is not called wrong",
        " || (error.code === 'ERR_JWKS_NO_MATCHING_KEY' && keys.failing())", "", ISSUERS),
    _of("key_sets.js", "the document is that of the issuer", "discovered.issuer === issuer", "true", ISSUERS),
    _of("key_sets.js", "keys come by TLS", "new URL(discovered.jwks_uri).protocol === 'https:'", "true", ISSUERS),
    _of("key_sets.js", "nobody is redirected", "redirect: 'error'", "redirect: 'follow'", ISSUERS),
    _of("key_sets.js", "only 200 is an answer", "response.status === 200", "true", ISSUERS),
    _of("key_sets.js", "keys that are none are none", "    jose.createLocalJWKSet(keys); // throws if it is none\n", "",
        ISSUERS),
    _of("key_sets.js", "a failure is remembered", "Date.now() - failed >= FAILURE_REMEMBERED", "true", ISSUERS),
    _of("key_sets.js", "the last good keys go on", "!good || Date.now() - good.at > LAST_GOOD_SET", "failing", ISSUERS),
    _of("key_sets.js", "and not for ever", " || Date.now() - good.at > LAST_GOOD_SET", "", ISSUERS),
    _of("answer.js", "a policy ends with its token", "until !== undefined", "false", TOKENS, DECIDED),
    _of("answer.js", "a time beyond all dates is none", "Math.min(seconds, Date.now() / 1000 + LONGEST_KEPT)",
        "seconds", TOKENS),
    _of("answer.js", "a policy has the list of its client alone",
        "config.clients[client].allowed.map(", "['*'].map(", DECIDED, KEYS),
    _of("answer.js", "the key that counts is said", "        usageIdentifierKey: usageKey\n", "", KEYS),
    Mutant(
        lost="methods are written out",
        file="ml_gateway/serving/allowed.py",
        old='f"{method}{pattern}" for method, pattern',
        new='f"*{pattern}" for method, pattern',
        tests=(DECIDED,),
    ),
    Mutant(
        lost="a slash at the end is a client's, too",
        file="ml_gateway/serving/allowed.py",
        old='            yield route.http_method, f"{pattern}/"\n',
        new="            continue\n",
        tests=(DECIDED,),
    ),
    Mutant(
        lost="paths that a policy cannot tell apart are refused",
        file="ml_gateway/rules/identities.py",
        old="        if stray := found[allowed]:",
        new="        if (stray := found[allowed]) and False:",
        tests=(REFUSED,),
    ),
    Mutant(
        lost="a token is of one client",
        file="ml_gateway/rules/identities.py",
        old="if owner := first.get((issuer, value)):",
        new="if (owner := first.get((issuer, value))) and False:",
        tests=(REFUSED,),
    ),
    Mutant(
        lost="a token is for this gateway",
        file="ml_gateway/config/issuers.py",
        old="if self.audience is None and not any(",
        new="if False and not any(",
        tests=(REFUSED,),
    ),
    Mutant(
        lost="an issuer is asked by TLS",
        file="ml_gateway/config/types/tokens.py",
        old='if re.match("http://", url):',
        new="if False:",
        tests=(REFUSED,),
    ),
    Mutant(
        lost="the source of keys is the authorizer",
        file="ml_gateway/constructs/api_document.py",
        old='return "HEADER" if authorizer is None else "AUTHORIZER"',
        new='return "HEADER"',
        tests=(STACKS,),
    ),
    Mutant(
        lost="no deployment comes before the permission",
        file="ml_gateway/constructs/proxy_api.py",
        old="            deployment.node.add_dependency(permission)\n",
        new="            pass\n",
        tests=(STACKS,),
    ),
    Mutant(
        lost="only keys of the gateway's clients are read",
        file="ml_gateway/constructs/authorizer.py",
        old='naming.client_secret(secrets.gateway_name, "*", "*")',
        new='"*"',
        tests=(STACKS,),
    ),
    Mutant(
        lost="a key that encrypts opens secrets alone",
        file="ml_gateway/constructs/authorizer.py",
        old="resources=[encryption_key.key_arn], conditions=by_secrets_manager",
        new="resources=[encryption_key.key_arn]",
        tests=(STACKS,),
    ),
    Mutant(
        lost="a list that goes needs the label",
        file="ml_gateway/review/clients.py",
        old="if before.models is not None and now.models is None:",
        new="if False:",
        tests=("tests/review/test_callers.py",),
    ),
)  # fmt: skip
