"""Whether a request comes from the app on a real device, as Google and Apple vouch for it."""
