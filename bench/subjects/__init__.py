"""The apps that are measured, beside ours: each is run as the CDK CLI runs an app."""
