"""What must hold for a trade: rules with editions, the event that chooses the edition, and a source."""
