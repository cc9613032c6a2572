"""What comes in and what goes out, for pages and API alike: JSON in camelCase, dotted names for a page's fields."""
