"""The bank and the forex administration: camt.054 credits, remittance declarations, central parity."""
