"""Enter once: the schema, the checks, the acceptance."""
