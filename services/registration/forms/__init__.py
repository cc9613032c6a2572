"""What comes in and what goes out, for pages and API alike: JSON in camelCase."""
