"""What can happen in catalog: one verb per file. An action changes rows and publishes events; its door commits."""
