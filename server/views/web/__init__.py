"""Between HTTP and a page: who asks, what they sent, how an answer is made."""
