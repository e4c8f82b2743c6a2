"""Measures, one pure function each, with the formula and where it comes from in its docstring."""
