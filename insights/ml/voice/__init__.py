"""What customers say: one message read, and models that learn to read from the company's own messages."""
