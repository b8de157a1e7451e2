"""The embedded cloud: an emulator, a sample model and the demo. Nothing in here is deployed anywhere else."""
