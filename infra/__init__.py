"""The CDK app: one stack for each capability."""
