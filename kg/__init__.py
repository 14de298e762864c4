"""Policy KG."""
