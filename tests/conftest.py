"""How many inputs hypothesis tries: few by default, `--hypothesis-profile=many` on demand."""

from hypothesis import settings

# A slow machine is no fault of what is tested.
settings.register_profile("few", deadline=None)
settings.register_profile("many", max_examples=20_000, deadline=None)
settings.load_profile("few")
