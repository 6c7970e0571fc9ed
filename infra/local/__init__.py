"""Vigie on this machine: the emulator started, Vigie deployed into it, the emulator stopped."""
