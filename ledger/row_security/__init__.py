"""Rows of operators behind a second wall, on PostgreSQL: the database itself shows a request no other operator's.

Every transaction says first for whom it acts (`acting.py`); the tables' policies read that (`policies.py`). A filter
that somebody forgets then shows nothing, instead of everything. Switched on by ROW_LEVEL_SECURITY (docs/adr/0023).
"""
