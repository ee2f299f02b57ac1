"""Shared registers of skills and occupations (ESCO, ROME, our own starters): what they say, and how to find in them."""
