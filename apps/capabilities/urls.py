from django.urls import path

from apps.capabilities.api import CapabilitiesViewSet

urlpatterns = [path("v1/capabilities", CapabilitiesViewSet.as_view({"get": "show"}), name="capabilities")]
