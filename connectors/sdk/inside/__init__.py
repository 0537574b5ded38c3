"""The inside of the SDK: what the hub and the SDK share, and no connector imports."""
