"""Bytes of other people's formats to graphs and back, pure: what could not be carried over is named, never dropped in silence."""
