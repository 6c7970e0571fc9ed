"""What happened, told to whoever subscribes: the contracts between functions."""
