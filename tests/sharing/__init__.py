"""Sharing proved: planted faults are found, and what anybody can read is what was granted, whatever happens."""
