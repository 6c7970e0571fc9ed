"""The numbers that the public reads: how tests are counted, and what is published of them."""
