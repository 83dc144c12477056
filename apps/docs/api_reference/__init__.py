"""The reference of the interface, written from its OpenAPI document."""

from apps.docs.api_reference.written import pages

__all__ = ["pages"]
