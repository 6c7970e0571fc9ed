"""The EU Digital COVID Certificate (DCC): its content, its encoding (HCERT) and its keys."""
