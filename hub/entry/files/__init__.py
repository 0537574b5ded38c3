"""Trades in files: CSV, XLSX, NDJSON and JSON, read row by row; what is wrong is said at its cell."""
