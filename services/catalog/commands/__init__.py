"""The door for operators: catalog's own verbs on the command line, a module for each noun."""
