"""The building blocks that the stacks are made of."""
