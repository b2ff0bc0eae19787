from django.urls import path

from crm.operations.views import monitoring, system

urlpatterns = [
    path("healthz", monitoring.healthz, name="healthz"),
    path("readyz", monitoring.readyz, name="readyz"),
    path("metrics", monitoring.metrics, name="metrics"),
    path("system/", system.system, name="system"),
    path("system/live/", system.system_live, name="system-live"),
    path("system/backup/", system.system_backup, name="system-backup"),
    path("system/backup/nightly/", system.system_backup_nightly, name="system-backup-nightly"),
]
