"""Enter once: the schema, the acceptance, the dry run."""
