"""One list, many forms: rows are made once and written as what someone asks for."""
