"""The bank and the forex administration: camt.054 credits, receipt declarations, central parity."""
