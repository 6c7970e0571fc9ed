"""The fonts that things are printed in, which come with the layer of printing."""

from functools import cache

import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import typst


@cache
def fonts() -> typst.Fonts:
    """Those of the layer alone: none of the system, and none of Typst's own."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[
            package.ROOT / "files" for package in (fontpkg_noto_sans, fontpkg_noto_sans_arabic)
        ],
    )
