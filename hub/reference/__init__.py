"""The pages of docs/ as they are read: their tables come from the code, so no page can say what the code does not."""
