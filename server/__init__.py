"""Palier: the board of one quartier, where neighbours ask for and give help."""

import os

# Piccolo finds its configuration by this name.
os.environ.setdefault("PICCOLO_CONF", "server.piccolo_conf")
