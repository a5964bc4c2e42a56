"""The console's own pages: each takes a visit and answers with a page. The apps work out what they show."""
