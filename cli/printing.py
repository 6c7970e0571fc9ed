"""What foreign content may do on a terminal: be read, and nothing else."""

from rich.text import Text


def printable(text: str) -> Text:
    """A text that neither styles nor steers the terminal, and is never cut short."""
    shown = "".join([char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text])
    # An identifier that is cut short is of no use.
    return Text(shown, overflow="fold")
