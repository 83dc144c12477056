from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "apps.audit"

    def ready(self) -> None:
        from apps.audit import sign_ins
        from apps.audit.services import record
        from framelane.api.staff_log import record_by

        record_by(record)
        sign_ins.watch()
