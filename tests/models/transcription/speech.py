"""Words with times, as people speak them."""

from gpu_tasks.models.transcription.transcript import Word

TALK = (
    "So, when we started this project, nobody believed that it would ever work. We had no money, no time and hardly "
    "any idea of what we were doing! But, as so often in life, the people who say that something is impossible should "
    "not interrupt those who are doing it. That is all I wanted to say; thank you very much for your attention."
)


def spoken(
    text: str, *, start: int = 0, letter_ms: int = 65, pause_ms: int = 40, speaker: str | None = None
) -> list[Word]:
    """The words of a text one after the other, `letter_ms` milliseconds for each of their letters."""
    words: list[Word] = []
    for part in text.split():
        end = start + letter_ms * len(part)
        words.append(Word(part, start, end, 0.9, speaker))
        start = end + pause_ms
    return words
