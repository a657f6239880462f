"""Web Push (RFC 8030): where alerts may be sent, who says so, and what they are wrapped in."""
