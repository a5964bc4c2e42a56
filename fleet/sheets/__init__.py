"""Fleet spreadsheets, read and written without a framework: a file in, typed rows and problems out."""
