"""The airport's cargo system: IATA ONE Record (2025-07), JSON-LD over HTTP."""
