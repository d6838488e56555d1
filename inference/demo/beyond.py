"""Questions that a picture does not answer: small talk, other work, what suits other pictures."""

from random import Random
from typing import TypeVar

from inference.demo.charts import Chart
from inference.demo.covers import Cover
from inference.demo.follow_up_wordings import FOLLOW_UPS, Next
from inference.demo.pairs import Pair
from inference.demo.prices import PriceList
from inference.demo.question_wordings import QUESTIONS
from inference.demo.questions import REFUSAL, Kind, Subject, Truth, Wordings
from inference.demo.scenes import Scene
from inference.demo.signs import Sign
from inference.demo.tables import Table
from inference.demo.turns import Turn
from inference.demo.words import Split, invent_word

T = TypeVar("T")

BEYOND = Wordings(
    (
        "hi",
        "Hello!",
        "Good morning",
        "thanks",
        "Thank you very much!",
        "ok",
        "cool",
        "lol",
        "nice one",
        "who are you",
        "What is your name?",
        "Are you a robot?",
        "How old are you?",
        "what can you do",
        "What do you know?",
        "Can you help me?",
        "help",
        "Who made you?",
        "which model are you",
        "Tell me a joke.",
        "Sing a song!",
        "Write a poem about it.",
        "write a story",
        "Make up a rhyme.",
        "Translate this into German.",
        "auf deutsch bitte",
        "say that in French",
        "¿Qué es esto?",
        "Can you answer in Spanish?",
        "Is this a photo?",
        "Who took this picture?",
        "where was this taken",
        "When was it made?",
        "How old is it?",
        "Is it real?",
        "was this drawn by a computer?",
        "Do you like it?",
        "is it beautiful?",
        "What do you think of it?",
        "Rate it from 1 to 10.",
        "Why?",
        "how come",
        "What does it mean?",
        "What happens next?",
        "what is the weather like",
        "What time is it?",
        "what day is today",
        "Who won the match?",
        "What is 2 + 2?",
        "solve this for me",
        "What is the capital of France?",
        "Who is the president?",
        "Give me a recipe for soup.",
        "How do I cook it?",
        "write python code for it",
        "Make the picture larger.",
        "Draw me a cat.",
        "remove the background",
        "Change the colours.",
        "Can you edit it?",
        "Delete this.",
        "Send it to my friend.",
        "Where can I buy it?",
        "Is it any good?",
        "Should I read it?",
        "What is it about?",
        "Is there a person in it?",
        "who is that man",
        "How many people are there?",
        "Is there a cat?",
        "what breed is the dog",
        "Where is the house?",
        "what kind of tree is this",
        "What is the woman wearing?",
        "is he smiling?",
        "What font is this?",
        "How large is the file?",
        "What is behind it?",
        "say it in Spanish",
        "in Polish please",
        "now in Dutch",
        "Can you say it in Portuguese?",
        "and in English?",
        "speak Japanese to me",
        "Write a letter about it.",
        "compose a song",
        "Write a rap about the picture.",
        "make a haiku of it",
        "sing it to me",
        "Tell me a fairy tale.",
        "Invent a story about this picture.",
        "Is it nice?",
        "is it ugly",
        "Is that cute?",
        "Is it funny?",
        "what is the date",
        "Which year is it?",
        "is it late",
        "how many dogs can you count",
        "Count the birds.",
        "how many trees do you see",
        "How many cars are in it?",
        "Is there a horse?",
        "who are these people",
        "Who is this boy?",
        "Do you know this man?",
        "Where does she live?",
        "What is 7 minus 5?",
        "How much is 12 times 12?",
        "Who is the queen of England?",
        "What is the largest city in the world?",
        "Make it darker.",
        "Turn it around.",
        "paint a house",
        "Draw a map for me.",
        "Can you hear me?",
        "bye",
        "good night",
        "sorry",
        "I love you",
        "you are wrong",
        "That is great!",
        "haha",
        "Do you sleep?",
        "Can it swim?",
        "Is it healthy?",
        "does it taste good",
        "What should I wear?",
    ),
    (
        "good evening",
        "thx a lot",
        "What are you?",
        "who is talking to me",
        "Write a song about this picture.",
        "Tell me a story.",
        "say it in Italian",
        "Is this a painting?",
        "When was this photo taken?",
        "Is it pretty?",
        "what is the time",
        "What is 3 times 4?",
        "Who is the king of Spain?",
        "draw a dog",
        "Make it brighter.",
        "Is there a dog in it?",
        "how many cats do you see",
        "Who is this woman?",
        "Can I eat it?",
        "what a day",
    ),
)
"""They are not in the tokenizer's words: what strangers type is spelled, too."""
OF_OTHER_PICTURES: dict[type, tuple[Kind, ...]] = {
    Cover: (Kind.EXTREMES, Kind.VALUE, Kind.CHEAPEST, Kind.DEAREST, Kind.DISTANCE, Kind.CELL),
    Scene: (Kind.TITLE, Kind.AUTHOR, Kind.EXTREMES, Kind.CHEAPEST, Kind.DISTANCE, Kind.WAY),
    Chart: (Kind.AUTHOR, Kind.DISTANCE, Kind.WAY, Kind.CELL),
    Sign: (Kind.AUTHOR, Kind.EXTREMES, Kind.CHEAPEST, Kind.DEAREST, Kind.CELL),
    PriceList: (Kind.AUTHOR, Kind.DISTANCE, Kind.WAY),
    Table: (Kind.AUTHOR, Kind.CHEAPEST, Kind.DEAREST, Kind.DISTANCE, Kind.WAY),
}
"""First questions that one kind of picture answers and another does not."""
ASKED_ON_ABOUT_OTHERS: dict[type, tuple[Next, ...]] = {
    Cover: (Next.COLOUR, Next.ITS_COLOUR, Next.ITS_SIZE, Next.HIGHEST, Next.BARS, Next.CHEAPEST,
            Next.NEAREST, Next.ROWS),
    Scene: (Next.TITLE, Next.AUTHOR, Next.WORDS, Next.HIGHEST, Next.BARS, Next.CHEAPEST,
            Next.NEAREST, Next.ROWS),
    Chart: (Next.AUTHOR, Next.FIRST_NAME, Next.NEAREST, Next.COLOUR, Next.ITS_SHAPE),
    Sign: (Next.AUTHOR, Next.BARS, Next.CHEAPEST, Next.COLOUR, Next.ITS_COLOUR, Next.ROWS),
    PriceList: (Next.AUTHOR, Next.BARS, Next.NEAREST, Next.COLOUR, Next.ITS_SHAPE),
    Table: (Next.AUTHOR, Next.BARS, Next.CHEAPEST, Next.NEAREST, Next.ITS_COLOUR),
}  # fmt: skip
NOT_THERE = ("the first one", "the last one", "the star", "the circle", "the red one")
"""What is asked about where there are no shapes."""
SHARE = 15
"""One first question in so many goes beyond the picture."""


def beyond_truth(subject: Subject | Pair, truths: list[Truth], rng: Random, split: Split) -> Truth:
    """Choose a first question that is to be declined, which comes now and then beside others."""
    weight = max(1, sum(truth.weight for truth in truths) // SHARE)
    kinds = _of_family(OF_OTHER_PICTURES, subject)
    if kinds and rng.random() < 0.4:
        kind = rng.choice(kinds)
        about = invent_word(rng, split).capitalize()
        if kind is Kind.CELL:
            about += f" of {invent_word(rng, split).capitalize()}"
        return Truth(Kind.BEYOND, REFUSAL, about, weight, wordings=QUESTIONS[kind])
    return Truth(Kind.BEYOND, REFUSAL, weight=weight, wordings=BEYOND)


def beyond_turn(subject: Subject | Pair, rng: Random) -> Turn:
    """Choose a later question that is to be declined."""
    asks = _of_family(ASKED_ON_ABOUT_OTHERS, subject)
    if asks and rng.random() < 0.4:
        ask = rng.choice(asks)
        return Turn(Next.BEYOND, REFUSAL, rng.choice(NOT_THERE), wordings=FOLLOW_UPS[ask])
    return Turn(Next.BEYOND, REFUSAL, wordings=BEYOND)


def _of_family(asked: dict[type, tuple[T, ...]], subject: Subject | Pair) -> tuple[T, ...]:
    """Look up what is asked about the family that a picture is of, near misses included."""
    return next((asks for family, asks in asked.items() if isinstance(subject, family)), ())
