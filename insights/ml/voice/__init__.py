"""What a message says: language, sentiment with its evidence, aspects, keywords, entities, intent, urgency."""
