def record_messages(*a):
    return []
