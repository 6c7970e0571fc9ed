"""The demonstration: a morning's work of three laboratories through the deployed system."""
