"""How the OpenAPI document is made from the views."""
