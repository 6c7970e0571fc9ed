"""What phones are configured with: how exposures are judged, what is said, where services are."""
