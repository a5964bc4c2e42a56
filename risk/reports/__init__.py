"""Reports as files: what a report says is worked out once, and written as PDF and as workbook.

It stands beside the tiles of the console, which it draws; documents in, bytes out, and letters that carry them.
"""
