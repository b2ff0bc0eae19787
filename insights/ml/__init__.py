"""The learners: frames in, frames out. No Django, no Celery, no I/O beyond storage.py."""
