"""The content types that are stored, and the file extension that stands for each."""

EXTENSIONS: dict[str, tuple[str, ...]] = {
    "video/mp4": ("mp4", "m4v"),
    "video/quicktime": ("mov", "qt"),
    "video/webm": ("webm",),
    "video/x-msvideo": ("avi",),
    "video/x-matroska": ("mkv",),
    "video/mpeg": ("mpg", "mpeg", "ts", "m2ts", "vob"),
    "audio/mpeg": ("mp3",),
    "audio/mp4": ("m4a", "m4b"),
    "audio/wav": ("wav",),
    "audio/x-wav": ("wav",),
    "audio/aac": ("aac",),
    "audio/flac": ("flac",),
    "audio/ogg": ("ogg", "oga", "opus"),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    "image/gif": ("gif",),
    "image/tiff": ("tiff", "tif"),
    "font/ttf": ("ttf",),
    "font/otf": ("otf",),
    "font/woff": ("woff",),
    "font/woff2": ("woff2",),
    "application/json": ("json",),
    "application/x-subrip": ("srt",),
    "text/vtt": ("vtt",),
}
"""Content type → extensions, the usual one first."""

UNKNOWN = "application/octet-stream"

_TYPES = {extension: kind for kind, extensions in reversed(EXTENSIONS.items()) for extension in extensions}


def extension_for(content_type: str, filename: str | None = None) -> str:
    """The extension (no dot) of an object: the filename's own where it fits the type, else the usual one."""
    candidates = EXTENSIONS[content_type]
    given = (filename or "").rpartition(".")[2].lower()
    return given if given in candidates else candidates[0]


def content_type_of(key: str) -> str:
    """The content type that a key's extension stands for; `application/octet-stream` when there is none."""
    return _TYPES.get(key.rpartition(".")[2].lower(), UNKNOWN)
