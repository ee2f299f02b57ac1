"""The domain, pure: graphs to values and back. No clock, no network: "now" and "a new name" are arguments."""
