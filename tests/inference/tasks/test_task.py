"""What people can ask, as the table of tasks promises it."""

import pytest
from PIL import Image

from inference import (
    TASKS,
    Detail,
    Message,
    ModelKind,
    Picture,
    Sampling,
    Source,
    language_for,
    languages_of,
)

PICTURE = Picture(Image.new("RGB", (8, 8)))
OTHER = Picture(Image.new("RGB", (9, 9)))


def ask(name, pictures=1, question="Why?", **options):
    task = TASKS[name]
    own_words = "" if task.asks_by_itself else question
    return task.request((PICTURE,) * pictures, own_words, **options)


def words(request):
    return request.messages[-1].text


def test_the_tasks_are_those_that_people_know():
    assert list(TASKS) == ["describe", "ocr", "table", "objects", "compare", "alt", "ask"]


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        ("describe", 256),
        ("ocr", 2048),
        ("table", 1024),
        ("objects", 384),
        ("compare", 384),
        ("alt", 96),
        ("ask", 512),
    ],
)
def test_each_answer_has_its_longest_length_and_is_greedy(name, tokens):
    request = ask(name)
    assert request.max_new_tokens == tokens
    assert request.sampling.temperature == 0


def test_only_reading_text_makes_do_with_less_room_before_it_looks_less_closely():
    assert {name: ask(name).least_new_tokens for name in TASKS if ask(name).least_new_tokens} == {
        "ocr": 1024
    }


def test_a_description_can_be_short_or_long():
    short, long = ask("describe", detail=Detail.SHORT), ask("describe", detail=Detail.LONG)
    assert (short.max_new_tokens, long.max_new_tokens) == (96, 512)
    assert len({words(short), words(ask("describe")), words(long)}) == 3


@pytest.mark.parametrize("name", ["objects", "compare", "ask"])
def test_other_answers_can_be_short_or_long_too(name):
    short, normal, long = (ask(name, detail=detail) for detail in Detail)
    assert short.max_new_tokens < normal.max_new_tokens < long.max_new_tokens
    assert words(short) == f"{words(normal)}\nAnswer in 1-2 sentences."
    assert words(long) == f"{words(normal)}\nAnswer in detail."


@pytest.mark.parametrize("name", ["ocr", "table", "alt"])
def test_what_has_one_length_keeps_it(name):
    assert TASKS[name].details == (Detail.NORMAL,)
    assert ask(name, detail=Detail.LONG) == ask(name)


def test_details_lie_beside_each_other():
    assert (Detail.LONG.shorter, Detail.NORMAL.shorter, Detail.SHORT.shorter) == (
        Detail.NORMAL,
        Detail.SHORT,
        None,
    )
    assert (Detail.SHORT.longer, Detail.NORMAL.longer, Detail.LONG.longer) == (
        Detail.NORMAL,
        Detail.LONG,
        None,
    )


@pytest.mark.parametrize(
    ("name", "pictures", "crops"),
    [
        ("describe", 1, 16),
        ("describe", 2, 4),
        ("ocr", 1, 16),
        ("ocr", 6, 4),
        ("alt", 1, 4),
        ("compare", 2, 4),
        ("compare", 4, 4),
        ("compare", 5, 1),
        ("compare", 6, 1),
        ("ask", 1, 16),
        ("ask", 2, 4),
    ],
)
def test_more_pictures_get_fewer_crops_each(name, pictures, crops):
    assert ask(name, pictures).crops == crops


def test_a_long_queue_makes_do_with_four_crops():
    assert ask("describe", busy=True).crops == 4
    assert ask("compare", 6, busy=True).crops == 1


def test_too_many_pictures_are_refused():
    with pytest.raises(ValueError, match="table takes 1 to 1 pictures"):
        ask("table", 2)
    with pytest.raises(ValueError, match="compare takes 1 to 6 pictures"):
        ask("compare", 7)
    with pytest.raises(ValueError, match="ask takes 1 to 6 pictures"):
        ask("ask", 0)


def test_a_persons_question_takes_the_place_of_the_tasks_words():
    request = TASKS["compare"].request((PICTURE,) * 2, "Which one is older?")
    assert request.messages == (Message("user", "Which one is older?", (PICTURE, PICTURE)),)


def test_every_task_is_guarded_against_circles_and_copies_may_repeat_more():
    rounds = {name: ask(name).loop_rounds for name in TASKS}
    assert {name for name in TASKS if rounds[name] == 3} == set(TASKS) - {"ocr", "table"}
    assert rounds["ocr"] == rounds["table"] == 24


def test_another_answer_is_drawn_with_its_seed():
    request = ask("describe", seed=7)
    assert request.sampling == Sampling(temperature=0.7, top_p=0.9, seed=7)
    assert request.messages == ask("describe").messages


# Wordings


def test_the_real_model_is_asked_what_it_has_practised():
    asked = {name: words(ask(name, 2 if name == "compare" else 1)) for name in TASKS}
    assert asked["ocr"] == "OCR the text of the image as is. OCR:"
    assert asked["compare"] == "What is the difference between these two pictures?"
    assert "markdown" in asked["table"]
    assert "1-2" in asked["alt"]


def test_the_small_model_is_asked_the_sentences_that_it_learnt():
    asked = {name: words(ask(name, kind=ModelKind.DEMO)) for name in TASKS}
    assert asked["ocr"].startswith("Transcribe all text in this picture exactly.")
    assert asked["table"].startswith("Write the table or chart in this picture as CSV")
    short = ask("ask", kind=ModelKind.DEMO, detail=Detail.SHORT, locale="de", language="de")
    assert words(short) == "Why?"


def test_some_other_model_is_told_plainly():
    asked = {name: words(ask(name, kind=ModelKind.ANY)) for name in TASKS}
    assert "CSV" in asked["table"]
    assert asked["ocr"].endswith("Write only the text.")
    assert asked["ask"] == "Why?"


def test_three_pictures_are_not_called_two():
    assert "two" not in words(ask("compare", 3))
    assert "the second picture" in words(ask("compare", 3))


# Languages


def test_people_are_answered_in_their_language_where_the_model_speaks_it():
    assert words(ask("describe", locale="es-419")).startswith("Describe la imagen")
    assert words(ask("describe", locale="de")).startswith("Beschreibe das Bild")
    assert "圖片" in words(ask("describe", locale="zh-TW"))
    assert "图片" in words(ask("describe", locale="zh-CN"))
    assert words(ask("compare", 2, locale="fr", detail=Detail.SHORT)).endswith("1-2 phrases.")


@pytest.mark.parametrize("locale", ["en-US", "en-GB", "ro", "pt-BR", "no", "tr", ""])
def test_people_are_answered_in_english_where_it_is_not_known_to(locale):
    assert ask("describe", locale=locale) == ask("describe")


def test_some_other_model_is_asked_for_any_language_of_the_bot():
    asked = words(ask("describe", kind=ModelKind.ANY, locale="ro"))
    assert asked == f"{words(ask('describe', kind=ModelKind.ANY))}\nRăspunde în română."
    assert ask("describe", kind=ModelKind.ANY, locale="tr") == ask("describe", kind=ModelKind.ANY)


def test_a_question_speaks_for_itself_unless_a_language_was_chosen():
    assert words(ask("ask", question="What is this?", locale="de")) == "What is this?"
    chosen = ask("ask", question="What is this?", locale="de", language="ja")
    assert words(chosen) == "What is this?\n日本語で答えてください。"


def test_it_is_told_which_languages_can_be_chosen():
    assert languages_of(ModelKind.DEMO) == ("en",)
    assert {"de", "es", "fr", "ja", "zh-CN", "zh-TW"} < set(languages_of(ModelKind.PHI3_VISION))
    for kind in ModelKind:
        assert all(language_for(each, kind) == each for each in languages_of(kind))
    assert language_for("es-419", ModelKind.PHI3_VISION) == "es"
    assert language_for("pt-BR", ModelKind.PHI3_VISION) == "en"


def test_a_chosen_language_goes_before_that_of_the_locale():
    assert ask("describe", locale="de", language="en-GB") == ask("describe")


@pytest.mark.parametrize("name", ["ocr", "table"])
@pytest.mark.parametrize("kind", ModelKind)
def test_what_is_copied_stays_in_the_pictures_language(name, kind):
    assert ask(name, kind=kind, locale="de", language="fr") == ask(name, kind=kind)


def test_an_empty_answer_can_be_asked_for_once_more_in_english():
    for name, options in (("describe", {"locale": "ja"}), ("ask", {"question": "¿Qué es?"})):
        assert ask(name, **options) != ask(name, **options, language="en")
    assert ask("describe") == ask("describe", language="en")
    assert ask("describe", kind=ModelKind.DEMO, locale="ja") == ask(
        "describe", kind=ModelKind.DEMO, language="en"
    )


def test_a_long_picture_is_asked_about_in_english_once_though_it_is_cut_twice():
    page = Picture(Image.new("RGB", (1080, 12000)))
    asked, again = (TASKS["describe"].request((page,), language=to) for to in (None, "en"))
    assert len(asked.messages[0].pictures) > 1
    assert asked == again
    assert len({asked, again}) == 1


# Conversations


def turn(number, *pictures):
    return (
        Message("user", f"Question {number}?", pictures),
        Message("assistant", f"Answer {number}."),
    )


def test_a_follow_up_brings_what_was_said_and_shown():
    before = turn(1, PICTURE)
    request = TASKS["ask"].request((), "And the upper one?", earlier=before)
    assert request.messages == (*before, Message("user", "And the upper one?"))
    assert request.crops == 16


def test_three_questions_go_along_and_the_picture_of_an_older_one():
    before = turn(1, PICTURE) + turn(2) + turn(3) + turn(4)
    request = TASKS["ask"].request((), "And?", earlier=before)
    assert request.messages == (
        Message("user", "Question 2?", (PICTURE,)),
        *turn(2)[1:],
        *turn(3),
        *turn(4),
        Message("user", "And?"),
    )


def test_a_new_picture_stands_beside_the_old_one():
    request = TASKS["ask"].request((OTHER,), "And here?", earlier=turn(1, PICTURE))
    assert [message.pictures for message in request.messages] == [(PICTURE,), (), (OTHER,)]
    assert request.crops == 4


def test_of_too_many_pictures_the_oldest_are_left_out():
    before = turn(1, *[PICTURE] * 4)
    request = TASKS["ask"].request((OTHER,) * 4, "And these?", earlier=before)
    assert [len(message.pictures) for message in request.messages] == [2, 0, 4]


def test_a_follow_up_without_any_picture_is_refused():
    with pytest.raises(ValueError, match="pictures"):
        TASKS["ask"].request((), "And the upper one?", earlier=turn(1))


@pytest.mark.parametrize("source", Source)
def test_a_later_question_begins_with_the_earlier_one_as_it_was_asked(source):
    pictures, asked = (PICTURE, OTHER), {"locale": "de", "source": source}
    first = TASKS["describe"].request(pictures, **asked)
    earlier = TASKS["describe"].exchange("A cat.", pictures, **asked)
    later = TASKS["ask"].request((), "And the other one?", earlier=earlier, **asked)
    assert later.messages[:-1] == (*first.messages, Message("assistant", "A cat."))
    assert later.messages[-1] == Message("user", "And the other one?")
    assert later.crops == first.crops
