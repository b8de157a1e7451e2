"""What holds of backends: credentials by reference, addresses that can be called, and what loses each."""

from typing import Final

from tests.mutation.mutant import Mutant

NAMES: Final = "tests/config/test_credential_names.py"
HOSTS: Final = "tests/config/test_hosts.py"
HTTP: Final = "tests/backends/test_http.py"

BACKEND_MUTANTS: Final = (
    Mutant(
        lost="what a secret holds for a backend is a reference",
        file="ml_gateway/backends/http_proxy.py",
        old='return f"{{{{resolve:secretsmanager:{secret.secret}:SecretString:::{secret.version}}}}}"',
        new="return secret.secret",
        tests=("tests/policy/test_house_rules.py",),
    ),
    Mutant(
        lost="a secret header wins over what replaces the gateway's own credentials",
        file="ml_gateway/backends/http_proxy.py",
        old="fixed |= {spelled(header): value for header, value in (headers or {}).items()}",
        new="fixed = {spelled(header): value for header, value in (headers or {}).items()} | fixed",
        tests=(HTTP,),
    ),
    Mutant(
        lost="a backend behind a load balancer gets its headers and secrets",
        file="ml_gateway/backends/load_balancer.py",
        old="            headers=self.sent,\n",
        new="",
        tests=("tests/backends/test_load_balancer.py",),
    ),
    Mutant(
        lost="a header with a credential is refused in clear",
        file="ml_gateway/config/backends.py",
        old="refused_names(self.headers, check_clear_header)",
        new="refused_names(self.headers, check_sent_header)",
        tests=(NAMES,),
    ),
    Mutant(
        lost="a query with a credential is refused",
        file="ml_gateway/config/types/urls.py",
        old="    if key is not None:\n",
        new="    if False:\n",
        tests=(NAMES,),
    ),
    Mutant(
        lost="no message repeats the credential of a query",
        file="ml_gateway/wording.py",
        old='return f"{query[1]}***" if',
        new="return query[0] if",
        tests=(NAMES,),
    ),
    Mutant(
        lost="no message repeats a credential in the wrong place",
        file="ml_gateway/reading/problems.py",
        old='return "this" if place[0]',
        new="return shown(value) if place[0]",
        tests=("tests/refused/test_refused.py",),
    ),
    Mutant(
        lost="an address that nobody reaches is refused",
        file="ml_gateway/config/types/hosts.py",
        old="    if not _is_public(address):\n",
        new="    if False:\n",
        tests=(HOSTS,),
    ),
    Mutant(
        lost="an address is known in any spelling",
        file="ml_gateway/config/types/hosts.py",
        old="IPv4Address(socket.inet_aton(text))",
        new="IPv4Address(text)",
        tests=(HOSTS,),
    ),
    Mutant(
        lost="a name that the public DNS lacks is refused",
        file="ml_gateway/config/types/hosts.py",
        old="    if labels[-1] in NOT_PUBLIC:\n",
        new="    if False:\n",
        tests=(HOSTS,),
    ),
    Mutant(
        lost="an API of AWS that wants a signature is refused",
        file="ml_gateway/config/types/hosts.py",
        old='    if service and not service.startswith("bedrock"):\n',
        new="    if False:\n",
        tests=(HOSTS,),
    ),
    Mutant(
        lost="a backend of Python is checked as one of the file",
        file="ml_gateway/backends/checked.py",
        old="    refuse_as_in_the_file(section, settings, of=type(backend).__name__)\n",
        new="",
        tests=(NAMES,),
    ),
)
