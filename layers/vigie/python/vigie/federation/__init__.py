"""Exchange of diagnosis keys with other countries: the European gateway and the interop service."""
