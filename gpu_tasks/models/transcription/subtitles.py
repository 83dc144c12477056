"""Captions as files: SubRip and WebVTT (W3C, https://www.w3.org/TR/webvtt1/)."""

from collections.abc import Sequence

from gpu_tasks.models.transcription.captions import Caption, label

# In the text of a cue these begin a tag, an entity and, doubled, the arrow of a new cue's times.
_VTT_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def srt(captions: Sequence[Caption]) -> str:
    """SubRip. Where speakers are known, each is named where he begins."""
    return "".join(
        f"{number}\n{_clock(caption.start, ',')} --> {_clock(caption.end, ',')}\n{_marked(captions, number)}\n\n"
        for number, caption in enumerate(captions, start=1)
    )


def _marked(captions: Sequence[Caption], number: int) -> str:
    caption = captions[number - 1]
    before = captions[number - 2].speaker if number > 1 else None
    return (label(caption.speaker) if caption.speaker != before else "") + "\n".join(caption.lines)


def vtt(captions: Sequence[Caption]) -> str:
    """WebVTT. Where speakers are known, every cue names its own in a voice tag."""
    return "WEBVTT\n\n" + "".join(
        f"{_clock(caption.start, '.')} --> {_clock(caption.end, '.')}\n{_voice(caption)}{_escaped(caption)}\n\n"
        for caption in captions
    )


def _voice(caption: Caption) -> str:
    if caption.speaker is None:
        return ""
    return f"<v {' '.join(caption.speaker.split()).translate(_VTT_ESCAPES)}>"


def _escaped(caption: Caption) -> str:
    return "\n".join(line.translate(_VTT_ESCAPES) for line in caption.lines)


def _clock(time_ms: int, point: str) -> str:
    seconds, milliseconds = divmod(time_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{milliseconds:03}"
