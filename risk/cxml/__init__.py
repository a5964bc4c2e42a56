"""cXML: orders as procurement systems send them, read with no entity expanded and nothing fetched; and answers."""
