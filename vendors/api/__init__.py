"""Vendors for programs: the register and the operator's own, read; the operator's own, written."""
