"""Papers: which are due, what stands in each, and where every value comes from."""
