"""The French 2D-DOC: its text, its signature and its DataMatrix."""
