def record_tasks(*a):
    return 0
