"""The default gateway by hand, in Python."""

from aws_cdk import App, Environment, Validations
from cdk_nag import AwsSolutionsChecks

from bench.subjects.api_by_hand import ApiByHand
from bench.subjects.edge_by_hand import EdgeByHand


def main() -> None:
    app = App()
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    define_stacks(app)
    app.synth()


def define_stacks(app: App) -> None:
    api = ApiByHand(app, "acme-ml-api", env=Environment(region="us-east-1"))
    EdgeByHand(app, "acme-ml-edge", api=api, env=Environment(region="us-east-1"))


if __name__ == "__main__":
    main()
