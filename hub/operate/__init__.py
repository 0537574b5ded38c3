"""What staff may order, and how the jobs stand. Everybody who orders comes through here."""
