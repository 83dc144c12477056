"""Addresses of these pages."""

from django.urls import URLPattern

pages: list[URLPattern] = []
