"""The three services of Kring. They never import each other: what one knows of another it knows from events."""
