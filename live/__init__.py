"""`make live`: what can be known with an AWS account alone, asked of a gateway that lives for the run."""
