"""What the hub's work costs, beside a floor and beside others, in one run. `make bench` runs all of it."""
