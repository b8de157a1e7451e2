"""What a change does to the deployed gateway: two synthesized assemblies in, a comment for the pull request out."""
