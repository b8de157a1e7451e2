"""What holds of files on top of others, and of what runs on a developer's machine, and what loses each."""

from typing import Final

from tests.mutation.mutant import Mutant

EXTENDS: Final = "tests/reading/test_extends.py"
FRONT: Final = "tests/local/test_front.py"

FILE_MUTANTS: Final = (
    Mutant(
        lost="a value that is left empty takes nothing away, such as the firewall",
        file="ml_gateway/reading/extends.py",
        old="if key not in base or value is not Empty}}",
        new="}}",
        tests=(EXTENDS,),
    ),
    Mutant(
        lost="a file extends none of this machine, which diff would compare with itself",
        file="ml_gateway/reading/extends.py",
        old="if Path(named).is_absolute():",
        new="if False:",
        tests=(EXTENDS,),
    ),
    Mutant(
        lost="a file that leads back to itself is refused",
        file="ml_gateway/reading/extends.py",
        old="if base.resolve() in {each.resolve() for each in chain}:",
        new="if False:",
        tests=(EXTENDS,),
    ),
    Mutant(
        lost="a path arrives at the edge as it was sent",
        file="ml_gateway/local/front.py",
        old='target = self.requestline.split(" ")[1]',
        new="target = self.path",
        tests=(FRONT,),
    ),
    Mutant(
        lost="a body of a negative length holds up no thread",
        file="ml_gateway/local/front.py",
        old="if length < 0:",
        new="if length < -99:",
        tests=(FRONT,),
    ),
    Mutant(
        lost="what listens on this machine does so on loopback alone",
        file="ml_gateway/local/loopback.py",
        old='super().__init__(("127.0.0.1", port), handler)',
        new='super().__init__(("0.0.0.0", port), handler)',
        tests=(FRONT,),
    ),
    Mutant(
        lost="the local cloud's CDK CLI can reach no account",
        file="ml_gateway/local/cdk_cli.py",
        old='        "AWS_ENDPOINT_URL": cloud.endpoint,\n',
        new="",
        tests=("tests/local/test_cdk_cli.py",),
    ),
    Mutant(
        lost="where there is a token for the account no script of a package runs",
        file="ml_gateway/cli/project/deploy.yaml",
        old=" --ignore-scripts",
        new="",
        tests=("tests/cli/test_init_environments.py",),
    ),
)
