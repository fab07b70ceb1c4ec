"""The architecture as tests: each check here is proven by a planted violation beside it."""
