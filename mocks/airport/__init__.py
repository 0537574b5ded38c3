"""Stand-in for the airport: a ONE Record server that books waybills on freighter flights and tells their events."""
