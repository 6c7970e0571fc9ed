"""The operator's command `vigie`."""
