"""The policies as text: read, checked, and what OPA says of them in plain Dutch."""
