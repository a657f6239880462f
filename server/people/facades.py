"""The façades to choose from: slug, name, and the colour of their swatch."""

from server.base.shapes import N_

SHADES = (
    ("soleil", N_("Soleil"), "#ffe7a4"),
    ("ciel", N_("Ciel"), "#dcebfb"),
    ("amande", N_("Amande"), "#dcefd6"),
    ("rose", N_("Brique"), "#ffe2d9"),
)
