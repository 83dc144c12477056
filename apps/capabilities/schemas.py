"""The shape of the catalogue. Entries carry more than `type`, `supported` and `reason`, depending on what they are."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class CapabilityEntry(BaseModel):
    """One thing that this installation can do, or says why not."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Its name, or for a field the type of its value.")
    supported: bool
    reason: str | None = Field(None, description="Why it is not supported.")


class EngineOut(BaseModel):
    """What renders here."""

    version: str
    accelerator: str
    encoders: list[CapabilityEntry]


class CapabilitiesOut(BaseModel):
    """Everything that requests may ask for, with every range and limit."""

    api_version: str
    engine: EngineOut
    canvas: dict[str, CapabilityEntry]
    element_types: list[CapabilityEntry]
    output_formats: list[CapabilityEntry]
    input_formats: list[CapabilityEntry]
    effects: list[CapabilityEntry]
    motions: list[CapabilityEntry]
    transitions: list[CapabilityEntry]
    easings: list[CapabilityEntry]
    blend_modes: list[CapabilityEntry]
    word_animations: list[CapabilityEntry]
    animation_presets: list[CapabilityEntry]
    fits: list[CapabilityEntry]
    fonts: list[CapabilityEntry]
    tasks: list[CapabilityEntry]
    limits: dict[str, Any]
    rate_limits: dict[str, int]
    plans: list[CapabilityEntry]
    errors: list[CapabilityEntry]
    webhook_events: list[CapabilityEntry]
    onboarding: list[CapabilityEntry]
