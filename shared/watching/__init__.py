"""How a service is doing: figures for Prometheus, and findings in words. Neither names anybody."""
