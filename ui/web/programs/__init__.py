"""Dateline for other programs, in the protocols that they already speak."""
