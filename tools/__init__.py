"""What the makers of the hub run; nothing of it is installed."""
