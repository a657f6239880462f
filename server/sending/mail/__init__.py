"""Email, the second channel of alerts: what the ledger says is to be written to somebody, and how it gets there."""

from server.sending.mail.asking import ask_to_confirm
from server.sending.mail.postman import round

__all__ = ["ask_to_confirm", "round"]
