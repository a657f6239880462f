"""What somebody is told, when, and on which of their devices: news, alerts, digests."""
