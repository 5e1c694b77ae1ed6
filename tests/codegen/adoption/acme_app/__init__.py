"""A package, as applications have."""
