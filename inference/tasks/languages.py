"""The languages in which answers are asked for, and how Phi-3-vision is asked in them."""

from inference.interface import ModelKind

KNOWN = {
    ModelKind.DEMO: ("en",),
    # Spanish and Chinese stand in hundreds of its public answers. For German, French and Japanese
    # we go by its text model, which names them. Of Portuguese, Romanian and Norwegian nothing
    # public is known. An empty answer is asked once more in English.
    ModelKind.PHI3_VISION: ("en", "de", "es", "fr", "ja", "zh-CN", "zh-TW"),
    ModelKind.ANY: ("en", "de", "es", "fr", "ja", "no", "pt", "ro", "zh-CN", "zh-TW"),
}
"""What each kind of checkpoint is known to speak, or, where it can be anything, may be."""


def languages_of(kind: ModelKind) -> tuple[str, ...]:
    """List the languages that a kind of checkpoint can be asked to answer in."""
    return KNOWN[kind]


def language_for(locale: str, kind: ModelKind) -> str:
    """Return the language of a locale, as `es` of `es-419`, or `en` where the kind lacks it."""
    if locale.startswith("zh"):
        language = "zh-TW" if locale in ("zh-TW", "zh-HK", "zh-Hant") else "zh-CN"
    else:
        language = locale.partition("-")[0]
    return language if language in KNOWN[kind] else "en"


TRANSLATIONS: dict[str, dict[str, str]] = {
    "de": {
        "describe short": "Beschreibe das Bild in 1-2 Sätzen.",
        "describe": "Beschreibe das Bild, das Wichtigste zuerst.",
        "describe long": "Beschreibe das Bild ausführlich, das Wichtigste zuerst.",
        "objects": "Zähle die Gegenstände auf dem Bild auf: wie viele es sind und wo sie sind.",
        "compare two": "Was ist der Unterschied zwischen diesen beiden Bildern?",
        "compare": "Was sind die Unterschiede zwischen diesen Bildern? "
        "Nenne sie das erste Bild, das zweite Bild und so weiter.",
        "alt": "Beschreibe das Bild in 1-2 einfachen Sätzen.",
        "answer short": "Antworte in 1-2 Sätzen.",
        "answer long": "Antworte ausführlich.",
        "answer in": "Antworte auf Deutsch.",
    },
    "es": {
        "describe short": "Describe la imagen en 1-2 frases.",
        "describe": "Describe la imagen, primero lo más importante.",
        "describe long": "Describe la imagen en detalle, primero lo más importante.",
        "objects": "Enumera los objetos de la imagen: cuántos hay y dónde están.",
        "compare two": "¿Cuál es la diferencia entre estas dos imágenes?",
        "compare": "¿Cuáles son las diferencias entre estas imágenes? "
        "Llámalas la primera imagen, la segunda imagen, etc.",
        "alt": "Describe la imagen en 1-2 frases sencillas.",
        "answer short": "Responde en 1-2 frases.",
        "answer long": "Responde en detalle.",
        "answer in": "Responde en español.",
    },
    "fr": {
        "describe short": "Décris l'image en 1-2 phrases.",
        "describe": "Décris l'image, le plus important d'abord.",
        "describe long": "Décris l'image en détail, le plus important d'abord.",
        "objects": "Énumère les objets de l'image : combien il y en a et où ils se trouvent.",
        "compare two": "Quelle est la différence entre ces deux images ?",
        "compare": "Quelles sont les différences entre ces images ? "
        "Appelle-les la première image, la deuxième image, etc.",
        "alt": "Décris l'image en 1-2 phrases simples.",
        "answer short": "Réponds en 1-2 phrases.",
        "answer long": "Réponds en détail.",
        "answer in": "Réponds en français.",
    },
    "ja": {
        "describe short": "この画像を1~2文で説明してください。",
        "describe": "この画像を、重要なことから順に説明してください。",
        "describe long": "この画像を、重要なことから順に詳しく説明してください。",
        "objects": "この画像に写っている物を、数と場所とともに挙げてください。",
        "compare two": "この2枚の画像の違いは何ですか。",
        "compare": "これらの画像の違いは何ですか。1枚目の画像、2枚目の画像のように呼んでください。",
        "alt": "この画像を1~2文で簡潔に説明してください。",
        "answer short": "1~2文で答えてください。",
        "answer long": "詳しく答えてください。",
        "answer in": "日本語で答えてください。",
    },
    "no": {"answer in": "Svar på norsk."},
    "pt": {"answer in": "Responda em português."},
    "ro": {"answer in": "Răspunde în română."},
    "zh-CN": {
        "describe short": "用一两句话描述这张图片。",
        "describe": "描述这张图片，先说最重要的内容。",
        "describe long": "详细描述这张图片，先说最重要的内容。",
        "objects": "列出这张图片中的物体，以及它们的数量和位置。",
        "compare two": "这两张图片有什么区别？",
        "compare": "这些图片有什么区别？请称它们为第一张图片、第二张图片等。",
        "alt": "用一两句简单的话描述这张图片。",
        "answer short": "请用一两句话回答。",
        "answer long": "请详细回答。",
        "answer in": "请用简体中文回答。",
    },
    "zh-TW": {
        "describe short": "用一兩句話描述這張圖片。",
        "describe": "描述這張圖片，先說最重要的內容。",
        "describe long": "詳細描述這張圖片，先說最重要的內容。",
        "objects": "列出這張圖片中的物體，以及它們的數量和位置。",
        "compare two": "這兩張圖片有什麼差別？",
        "compare": "這些圖片有什麼差別？請稱它們為第一張圖片、第二張圖片等。",
        "alt": "用一兩句簡單的話描述這張圖片。",
        "answer short": "請用一兩句話回答。",
        "answer long": "請詳細回答。",
        "answer in": "請用繁體中文回答。",
    },
}
"""What is asked of Phi-3-vision, named as in the table of wordings; transcriptions stay English."""
