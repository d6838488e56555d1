"""Which questions the bot declines by their words, and which only look like it."""

import pytest

from bot.locales import sentences as s
from bot.questions import check_question
from tests.bot.declining import declines


@pytest.mark.parametrize(
    "question",
    [
        "Who is this?",
        "who's that man in the photo",
        "hey, who are these people??",
        "Who is she",
        "Please identify this person.",
        "What is her name?",
        "Name the people in this photo",
        "Can you recognise him?",
        "identify the celebrity",
        "请问这个人是谁",
        "¿Quién es esta persona?",
        "Quem é essa mulher na foto?",
        "Cine este această persoană?",
        "Hvem er dette?",
        "Hvem er denne mannen på bildet",
        "这个人是谁？",
        "這是誰",
        "这个男人是谁？",
        "Who is this child?",
        "Wer ist das?",
        "Wer ist das hier?",
        "Wer ist dieser Mann auf dem Foto?",
        "wer ist die Frau im Bild",
        "Wer ist denn das?",
        "Wer ist das eigentlich, bitte?",
        "Who is this, please?",
        "Wer sind diese Leute?",
        "Wie heißt diese Frau?",
        "Wie heisst er?",
        "Wie ist der Name dieser Person?",
        "Erkennst du diesen Mann?",
        "Kannst du diese Person identifizieren?",
        "Qui est-ce ?",
        "Qui est-il ?",
        "C’est qui ?",
        "Qui c'est sur cette photo, s'il te plaît ?",
        "C'est qui cette dame ?",
        "Cet homme, c'est qui ?",
        "Qui est cette personne sur la photo ?",
        "Qui est l’homme sur l’image ?",
        "Qui sont ces gens ?",
        "Comment s'appelle cet homme ?",
        "Comment s’appelle-t-elle ?",
        "Quel est le nom de cette femme ?",
        "Peux-tu identifier cette personne ?",
        "この人は誰ですか",
        "これは誰？",
        "この男性はだれですか？",
        "写真の人は誰でしょうか",
        "彼女は誰なの？",
        "この人の名前は何ですか？",
        "この女性の名前を教えてください。",
    ],
)
def test_who_somebody_is_stays_unsaid(question: str) -> None:
    with declines(s.NO_NAMES):
        check_question(question)


@pytest.mark.parametrize(
    "question",
    [
        "Read this passport",
        "what's the number on the driver's licence?",
        "Is this ID card real or fake?",
        "Lee este pasaporte",
        "Les førerkortet",
        "Les passet",
        "Hva er nummeret på dette pass",
        "Les passnummeret",
        "Read the passport's number",
        "这个护照号码是什么",
        "Lies diesen Personalausweis vor",
        "Lies mir den Reisepass vor",
        "Kannst du den Führerschein vorlesen?",
        "Lies diesen Pass vor",
        "Wie lautet die Ausweisnummer?",
        "Ist dieser Ausweis echt?",
        "Was steht in dem Reisepass?",
        "Read this Führerschein",
        "Lis ce passeport",
        "Lis cette carte d’identité",
        "Peux-tu lire ce permis de conduire ?",
        "Quel est le numéro du passeport ?",
        "Cette carte d'identité est-elle valide ?",
        "このパスポートを読んで",
        "運転免許証の番号",
        "このパスポートは本物ですか？",
    ],
)
def test_identity_documents_are_not_read(question: str) -> None:
    with declines(s.NO_DOCUMENTS):
        check_question(question)


def test_no_question_keeps_the_bot_busy() -> None:
    starts = ("这", "who is", "name his", "qui", "wer ist", "wie heißt", "qui est", "c'est qui")
    for start in (*starts, "comment s'appelle", "この人は", "Lies den"):
        check_question(f"{start}{' ' * 900}x")
        check_question(f"{start} " * 200 + "x")


@pytest.mark.parametrize(
    "question",
    [
        "",
        "Who wrote it?",
        "Who is the author of this book?",
        "who is this book by?",
        "Who is winning in this chart?",
        "What is the name of this flower?",
        "Name the colours",
        "Identify this plant",
        "Can you identify this?",
        "Do you recognise that?",
        "List the fruits and name them",
        "what's their name?",
        "Rename this person",
        "What does the compass read?",
        "Is this a real mountain pass?",
        "Read the boarding pass",
        "Which number is on the bypass sign?",
        "Read the sign over passport control",
        "Is this a passport?",
        "What colour is the passport?",
        "How many people are in the picture?",
        "What is the number of bars?",
        "Is this dog real?",
        "¿Quién escribió este libro?",
        "Hvem er forfatteren av boken?",
        "这本书是谁写的？",
        "Name the type",
        "Identify the kind",
        "What lies next to the passport?",
        "Wer hat dieses Buch geschrieben?",
        "Wer ist der Autor dieses Buches?",
        "Wer ist das Maskottchen?",
        "Wie heißt diese Blume?",
        "Wie heißt das?",
        "Wie viele Personen kannst du erkennen?",
        "Was macht diese Frau?",
        "Welche Farbe hat der Reisepass?",
        "Liegt da ein Personalausweis?",
        "Lies das Schild an der Passkontrolle",
        "Lies den Studentenausweis",
        "Wie hoch liegt dieser Pass?",
        "Qui a écrit ce livre ?",
        "Qui est-ce qui a écrit ce livre ?",
        "Qui est l'auteur ?",
        "Qui est l’auteur de ce livre ?",
        "L'auteur, c'est qui ?",
        "Comment s'appelle cette fleur ?",
        "Que fait cette personne ?",
        "De quelle couleur sont les passeports ?",
        "Lis le panneau du contrôle des passeports",
        "Lis cette carte de visite",
        "この本の著者は誰ですか",
        "この絵を描いた人は誰ですか",
        "これは誰が書いた本ですか",
        "一番売った人は誰ですか",
        "この花の名前は何ですか",
        "これの名前は何ですか",
        "この人は何をしていますか",
        "このパスポートは何色ですか",
        "パスポートが写っている写真ですか",
        "パスポートコントロールの看板を読んで",
    ],
)
def test_other_questions_are_in_order(question: str) -> None:
    check_question(question)
