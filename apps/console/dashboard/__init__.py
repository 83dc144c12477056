"""The first page after signing in."""

from apps.console.dashboard.views import dashboard

__all__ = ["dashboard"]
