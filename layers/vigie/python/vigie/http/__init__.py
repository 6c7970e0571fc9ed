"""What HTTP APIs answer alike."""
