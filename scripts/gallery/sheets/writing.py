"""Text in the scripts of the world."""

from typing import Final

from scripts.gallery.tiles import CONTACT, Sheet, Strip, picture, still, words

TEXTS: Final[dict[str, str]] = {
    "Latin": "The evening sun\nsinks into the sea",
    "Latin, extended": "Žluťoučký kůň\ngüneş, Straße, łódź",
    "Vietnamese": "Mặt trời buổi chiều\nlặn xuống biển",
    "Cyrillic": "Вечернее солнце\nсадится в море",
    "Greek": "Ο βραδινός ήλιος\nχάνεται στο πέλαγος",
    "Arabic": "شمس المساء\nتغرب في البحر ٢٠٢٥",
    "Hebrew": "שמש הערב\nשוקעת בים (2025)",
    "Devanagari": "शाम का सूरज\nक्षितिज में डूबता है",
    "Thai": "ดวงอาทิตย์ยามเย็น\nลับลงสู่ทะเล",
    "Chinese": "夕阳西下\n沉入大海",
    "Japanese": "夕方の太陽が\n海に沈みます",
    "Korean": "저녁 해가\n바다로 집니다",
    "Mixed directions": "Film «غروب», part 2\nand «שקיעה» too",
    "Emoji": "🌅 🏖️ 👩🏽‍🚀 👨‍👩‍👧‍👦\n🇯🇵 🇧🇷 ❤️‍🔥 1️⃣ 🎬",
}


def writing_sheets() -> tuple[Sheet, ...]:
    about = "Shaped and ordered as each script wants it, with a shadow that is never cut."
    return (Sheet("scripts", "Scripts", about, tuple(map(_strip, TEXTS)), *CONTACT),)


def _strip(name: str) -> Strip:
    text = words(TEXTS[name], font_size=104, font_weight=700, shadow=True, width="94%")
    return Strip(name, TEXTS[name].replace("\n", " "), (still(text, picture("mountains.png", brightness=-35, blur=6)),))
