"""Doors over HTTP beside GraphQL: trades in bulk, the papers and responses themselves."""
