"""The local cloud: AWS emulated on loopback, the real CDK CLI, and a gateway deployed there."""
