"""The case suites: what the letters say of one toewijzing, proven with OPA."""
