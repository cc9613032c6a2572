"""What is allowed and what should be: values in, decisions out."""
