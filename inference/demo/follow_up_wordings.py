"""What can be asked after an answer, in many wordings: short, with pronouns, half unsaid."""

from enum import StrEnum

from inference.demo.more_wordings import MORE_FOLLOW_UPS
from inference.demo.questions import Wordings


class Next(StrEnum):
    """What a follow-up is after."""

    SHORTER = "shorter"
    AGAIN = "again"
    READ = "read"
    AND = "and"
    """What was just asked, of something else."""
    AND_OTHER = "and the other"
    COLOUR = "colour"
    PLACE = "place"
    SIZE = "size"
    SHAPE = "shape"
    ITS_COLOUR = "its colour"
    ITS_PLACE = "its place"
    ITS_SIZE = "its size"
    ITS_SHAPE = "its shape"
    WHAT_AT = "what at"
    IS_THERE = "is there"
    HOW_MANY = "how many"
    VALUE = "value"
    HIGHEST = "highest"
    LOWEST = "lowest"
    HIGHER = "higher"
    HIGHER_THAN_THAT = "higher than that"
    ABOVE = "above"
    BELOW = "below"
    BARS = "bars"
    CHART_TITLE = "chart title"
    TABLE = "table"
    TITLE = "title"
    AUTHOR = "author"
    FIRST_NAME = "first name"
    LAST_NAME = "last name"
    WORDS = "words"
    PICTURE = "picture"
    SAME = "same"
    DIFFERENCE = "difference"
    ONLY_DIFFERENCE = "only the difference"
    TITLE_OF = "title of"
    AUTHOR_OF = "author of"
    MARKDOWN = "markdown"
    LIST = "list"
    HOW_FAR = "how far"
    WHICH_WAY = "which way"
    HOW_FAR_IT_IS = "how far it is"
    WHICH_WAY_IT_IS = "which way it is"
    NEAREST = "nearest"
    FARTHEST = "farthest"
    PLACES = "places"
    PRICE = "price"
    CHEAPEST = "cheapest"
    DEAREST = "dearest"
    CHEAPER = "cheaper"
    NEXT_ONE = "next one"
    ONE_BEFORE = "one before"
    LIST_TITLE = "list title"
    ITEMS = "items"
    CELL = "cell"
    ROWS = "rows"
    COLUMNS = "columns"
    BEYOND = "beyond"
    """Nothing that the pictures answer."""
    ABSENT = "absent"
    """Where a shape is, or of which colour, that is not there."""


FITTING_ASKS = frozenset(Next) - {Next.BEYOND, Next.ABSENT}

_FOLLOW_UPS: dict[Next, Wordings] = {
    Next.SHORTER: Wordings(
        (
            "Now in one sentence.",
            "Shorter, please.",
            "and in short?",
            "in a few words please",
            "Sum it up.",
            "Make it shorter.",
            "Can you say that in one short sentence?",
            "That is too long.",
        ),
        ("now in one sentence please", "Say it shorter.", "a shorter one pls", "In brief?"),
    ),
    Next.AGAIN: Wordings(
        (
            "Describe it again.",
            "Once more, please.",
            "again?",
            "Describe the whole picture.",
            "And what is in the picture?",
            "say it all once more",
            "Describe all of it, please.",
        ),
        ("Describe it once more.", "tell me all of it again", "Now describe the picture."),
    ),
    Next.READ: Wordings(
        (
            "Now read all of it.",
            "And what does it say?",
            "Read the text, please.",
            "what is written there?",
            "Now write all the text.",
            "Is there any text?",
            "and the text?",
        ),
        ("Now read the text.", "what does the text say", "Transcribe it."),
    ),
    Next.AND: Wordings(
        (
            "and {about}?",
            "And {about}?",
            "what about {about}?",
            "And what about {about}?",
            "and {about}",
            "now {about}, please",
            "{about} too?",
            "the same for {about}",
        ),
        ("And how about {about}?", "ok, and {about}?", "Now the same of {about}."),
    ),
    Next.AND_OTHER: Wordings(
        (
            "and the other?",
            "And the other one?",
            "what about the other one?",
            "And the other?",
            "the other one, please",
            "now the other",
            "and the other one",
        ),
        ("What about the other?", "ok, and the other one?", "the other?"),
    ),
    Next.COLOUR: Wordings(
        (
            "What colour is {about}?",
            "and what colour is {about}?",
            "what color is {about}",
            "Which colour does {about} have?",
            "And which colour has {about}?",
            "the colour of {about}?",
            "tell me the color of {about}",
        ),
        ("And what colour does {about} have?", "is {about} red or what?", "Color of {about}?"),
    ),
    Next.PLACE: Wordings(
        (
            "Where is {about}?",
            "and where is {about}?",
            "where is {about} in the picture",
            "Where do you see {about}?",
            "And where can I find {about}?",
            "the place of {about}?",
            "On which side is {about}?",
        ),
        ("And where do I find {about}?", "tell me where {about} is", "wheres {about}"),
    ),
    Next.SIZE: Wordings(
        (
            "How large is {about}?",
            "and how large is {about}?",
            "how big is {about}",
            "What size is {about}?",
            "Is {about} large or small?",
            "And the size of {about}?",
            "is {about} big or small?",
        ),
        ("And how big is {about}?", "what size has {about}", "Is {about} small or large?"),
    ),
    Next.SHAPE: Wordings(
        (
            "What is {about}?",
            "and what is {about}?",
            "What shape is {about}?",
            "which shape does {about} have",
            "What kind of shape is {about}?",
            "And what shape has {about}?",
        ),
        ("Which shape is {about}?", "and what shape is {about}", "{about} is what?"),
    ),
    Next.ITS_COLOUR: Wordings(
        (
            "What colour is it?",
            "and what colour is it?",
            "what color is it",
            "Which colour does it have?",
            "and its colour?",
            "What is its colour?",
            "colour?",
            "in which colour?",
        ),
        ("And which colour is it?", "what color does it have", "its color?"),
    ),
    Next.ITS_PLACE: Wordings(
        (
            "Where is it?",
            "and where is it?",
            "where",
            "Where in the picture is that?",
            "And where do you see it?",
            "Where is that one?",
            "on which side is it?",
        ),
        ("And where is that?", "where can I see it", "so where is it in the picture?"),
    ),
    Next.ITS_SIZE: Wordings(
        (
            "How large is it?",
            "and how large is it?",
            "how big is it",
            "What size is it?",
            "Is it large or small?",
            "and its size?",
            "is it big?",
        ),
        ("And how big is that?", "what is its size", "Is it small or large?"),
    ),
    Next.ITS_SHAPE: Wordings(
        (
            "What shape is it?",
            "and what shape is it?",
            "which shape does it have",
            "What kind of shape is it?",
            "and its shape?",
            "What is its shape?",
        ),
        ("And which shape is it?", "what shape has it", "its shape please?"),
    ),
    Next.WHAT_AT: Wordings(
        (
            "What is {about}?",
            "and what is {about}?",
            "and {about}?",
            "what do you see {about}",
            "Which shape is {about}?",
            "Is there something {about}?",
            "And what about the one {about}?",
        ),
        ("What can you see {about}?", "and what is there {about}", "whats {about}"),
    ),
    Next.IS_THERE: Wordings(
        (
            "Is there {about}?",
            "and is there {about}?",
            "do you see {about}",
            "Can you see {about}?",
            "And {about}?",
            "Does it have {about}?",
            "{about}, is that there?",
        ),
        ("Is there also {about}?", "Can you find {about}?", "so there is {about}?"),
    ),
    Next.HOW_MANY: Wordings(
        (
            "How many {about} are there?",
            "and how many {about} are there?",
            "how many {about}",
            "And how many {about}?",
            "Now count the {about}.",
            "How many of them are {about}?",
            "and the number of {about}?",
        ),
        ("And how many {about} do you see?", "count the {about} too", "So how many {about}?"),
    ),
    Next.VALUE: Wordings(
        (
            "What is the value of {about}?",
            "and how much is {about}?",
            "how much has {about}",
            "And what is the value of {about}?",
            "How much does {about} have?",
            "the value of {about}, please",
            "What number has {about}?",
        ),
        ("And which value has {about}?", "so how much is {about}", "Tell me about {about}."),
    ),
    Next.HIGHEST: Wordings(
        (
            "Which is the highest?",
            "and the highest?",
            "and which one is the highest?",
            "What is the highest value?",
            "Which bar is the highest?",
            "which is the longest",
            "and the largest value?",
        ),
        ("And which bar is highest?", "the highest one?", "which one is the largest"),
    ),
    Next.LOWEST: Wordings(
        (
            "Which is the lowest?",
            "and the lowest?",
            "and which one is the lowest?",
            "What is the lowest value?",
            "Which bar is the lowest?",
            "which is the shortest",
            "and the smallest value?",
        ),
        ("And which bar is lowest?", "the lowest one?", "which one is the smallest"),
    ),
    Next.HIGHER: Wordings(
        (
            "Which is higher, {about}?",
            "and which is higher, {about}?",
            "what is higher: {about}",
            "Which has more, {about}?",
            "{about}, which is higher?",
            "Is it {about} that is higher?",
        ),
        ("Which one is larger, {about}?", "so which is more, {about}", "higher: {about}?"),
    ),
    Next.HIGHER_THAN_THAT: Wordings(
        (
            "Which is higher, that or {about}?",
            "and is {about} higher?",
            "is that higher than {about}",
            "Is it higher than {about}?",
            "Is that more than {about} has?",
            "Does {about} have more than that?",
        ),
        (
            "Is {about} higher than that?",
            "is it more than {about}",
            "Which has more, it or {about}?",
        ),
    ),
    Next.ABOVE: Wordings(
        (
            "And the one above it?",
            "and above that?",
            "What about the bar above?",
            "the one before?",
            "And the one before it?",
            "what is the one above",
        ),
        ("And the bar above that?", "the one above it?", "Which one is above it?"),
    ),
    Next.BELOW: Wordings(
        (
            "And the one below it?",
            "and below that?",
            "What about the bar below?",
            "the next one?",
            "And the next?",
            "what is the one below",
        ),
        ("And the bar below that?", "the one below it?", "Which one comes next?"),
    ),
    Next.BARS: Wordings(
        (
            "How many bars are there?",
            "and how many bars are there?",
            "how many bars",
            "Count the bars.",
            "And how many bars does it have?",
            "How many values are there?",
        ),
        ("How many bars does the chart have?", "so how many bars are that", "number of bars?"),
    ),
    Next.CHART_TITLE: Wordings(
        (
            "What is the title?",
            "and the title?",
            "what is it called?",
            "What is the title of the chart?",
            "And what is it about?",
            "title please",
        ),
        ("What is the chart called?", "and its title?", "which title has it"),
    ),
    Next.TABLE: Wordings(
        (
            "Now as a table.",
            "as CSV please",
            "And as CSV?",
            "Write it as a table, please.",
            "Make a table of it.",
            "can I have that as CSV",
        ),
        ("Now write it as CSV.", "a table please?", "Give me that as CSV."),
    ),
    Next.TITLE: Wordings(
        (
            "What is the title?",
            "and the title?",
            "what is it called?",
            "And what is the book called?",
            "only the title, please",
            "Which title does it have?",
            "What is the title of the book?",
        ),
        ("And what is its title?", "just the title", "so which book is it?"),
    ),
    Next.AUTHOR: Wordings(
        (
            "Who wrote it?",
            "and the author?",
            "who is the author",
            "And who wrote it?",
            "Who wrote that book?",
            "only the author, please",
            "Who is the author of the book?",
            "by whom?",
        ),
        ("And who is the author?", "just the author", "who has written it?"),
    ),
    Next.FIRST_NAME: Wordings(
        (
            "What is the first name of the author?",
            "and the first name?",
            "only the first name, please",
            "first name?",
            "What is the author's first name?",
            "And what is the first name?",
        ),
        ("Just the first name.", "whats the first name", "Which first name has the author?"),
    ),
    Next.LAST_NAME: Wordings(
        (
            "What is the last name of the author?",
            "and the last name?",
            "only the last name, please",
            "last name?",
            "What is the author's last name?",
            "And what is the last name?",
        ),
        ("Just the last name.", "whats the last name", "Which last name has the author?"),
    ),
    Next.WORDS: Wordings(
        (
            "How many words does the title have?",
            "and how many words has the title?",
            "how many words is the title",
            "Is the title one word or two?",
            "Count the words of the title.",
            "How many words are in the title?",
        ),
        ("And how many words are that in the title?", "number of words in the title?"),
    ),
    Next.PICTURE: Wordings(
        (
            "The {about} picture, please.",
            "and the {about} picture?",
            "What is in the {about} picture?",
            "And what does the {about} one show?",
            "describe the {about} one",
            "Now only the {about} picture.",
            "What do you see in the {about} one?",
            "the {about} one please",
        ),
        (
            "just the {about} picture now please",
            "Now describe the {about}.",
            "what is the {about} one?",
        ),
    ),
    Next.SAME: Wordings(
        (
            "Are they the same?",
            "and are they the same?",
            "so are they the same",
            "Are both pictures the same?",
            "Are they different?",
            "Is there any difference?",
        ),
        ("So they are the same?", "are the two the same", "Are they the same or different?"),
    ),
    Next.DIFFERENCE: Wordings(
        (
            "And what is different?",
            "what is different in the other one?",
            "What are the differences?",
            "how do they differ",
            "Now compare the two.",
            "and the differences?",
        ),
        ("And how are they different?", "now compare them", "What is the difference?"),
    ),
    Next.ONLY_DIFFERENCE: Wordings(
        (
            "Only the difference, please.",
            "Just say what is different.",
            "and the difference in one sentence?",
            "so what is different",
            "Shorter: what has changed?",
            "Now only the difference.",
        ),
        ("Just the difference.", "in short, what differs?", "only what is different please"),
    ),
    Next.TITLE_OF: Wordings(
        (
            "What is the title in the {about} picture?",
            "and the title of the {about} one?",
            "title of the {about}?",
            "What is the {about} one called?",
            "And the title in the {about} picture?",
            "the {about} title, please",
        ),
        ("Which title has the {about} one?", "what is the {about} book called", "{about} title?"),
    ),
    Next.AUTHOR_OF: Wordings(
        (
            "Who is the author in the {about} picture?",
            "and the author of the {about} one?",
            "author of the {about}?",
            "Who wrote the {about} one?",
            "And the author in the {about} picture?",
            "the {about} author, please",
        ),
        ("Which author has the {about} one?", "who wrote the {about} book", "{about} author?"),
    ),
    Next.MARKDOWN: Wordings(
        (
            "Now as Markdown.",
            "and in markdown?",
            "as a markdown table, please",
            "Write it in Markdown.",
            "And as a Markdown table?",
            "Can I have that in Markdown?",
        ),
        ("Now in Markdown, please.", "as markdown now", "Make it a Markdown table."),
    ),
    Next.LIST: Wordings(
        (
            "Now as a list.",
            "and as a list?",
            "List them with counts and places.",
            "Make a list of it.",
            "one line for each kind, please",
            "as a list with counts",
        ),
        ("Now list them.", "a list please", "Can you make that a list?"),
    ),
    Next.HOW_FAR: Wordings(
        (
            "How far is it to {about}?",
            "and how far is it to {about}?",
            "how far is {about}",
            "And how many kilometres to {about}?",
            "What is the distance to {about}?",
            "how many km is it to {about}?",
        ),
        ("And how far is {about}?", "distance to {about} then", "So how far to {about}?"),
    ),
    Next.WHICH_WAY: Wordings(
        (
            "Which way is {about}?",
            "and which way to {about}?",
            "which direction is {about}",
            "And where do I go for {about}?",
            "In which direction is {about}?",
            "is {about} left or right?",
        ),
        ("And which way is {about}?", "so where is {about}", "Which way for {about} then?"),
    ),
    Next.HOW_FAR_IT_IS: Wordings(
        (
            "How far is it?",
            "and how far is that?",
            "how far",
            "And how many kilometres is that?",
            "What is the distance?",
            "how far away is it?",
        ),
        ("And how far is it?", "how many km is it", "So how far is that?"),
    ),
    Next.WHICH_WAY_IT_IS: Wordings(
        (
            "Which way is it?",
            "and which way is that?",
            "which direction",
            "And in which direction?",
            "Is it left or right?",
            "which way do I go?",
        ),
        ("And which way is it?", "so left or right", "In which direction is that?"),
    ),
    Next.NEAREST: Wordings(
        (
            "Which is the nearest?",
            "and the nearest?",
            "what is nearest",
            "Which place is the nearest?",
            "And which one is nearest?",
            "the closest one?",
        ),
        ("Which one is the closest?", "the nearest place?", "And what is nearest?"),
    ),
    Next.FARTHEST: Wordings(
        (
            "Which is the farthest?",
            "and the farthest?",
            "what is farthest",
            "Which place is the farthest?",
            "And which one is farthest away?",
            "the most distant one?",
        ),
        ("Which one is the most distant?", "the farthest place?", "And what is farthest?"),
    ),
    Next.PLACES: Wordings(
        (
            "How many places are there?",
            "and how many places are there?",
            "how many places",
            "How many boards does it have?",
            "And how many signs are there?",
            "count the boards",
        ),
        ("How many places does it name?", "number of boards?", "So how many places?"),
    ),
    Next.PRICE: Wordings(
        (
            "What does {about} cost?",
            "and how much is {about}?",
            "how much is {about}",
            "And what is the price of {about}?",
            "How much does {about} cost?",
            "the price of {about}, please",
        ),
        (
            "And what does {about} cost?",
            "so how much is {about}",
            "What about the price of {about}?",
        ),
    ),
    Next.CHEAPEST: Wordings(
        (
            "Which is the cheapest?",
            "and the cheapest?",
            "cheapest?",
            "What is the cheapest?",
            "And what costs the least?",
            "which one is cheapest",
        ),
        ("And which is cheapest?", "the cheapest one?", "What costs least of all?"),
    ),
    Next.DEAREST: Wordings(
        (
            "Which is the most expensive?",
            "and the most expensive?",
            "dearest?",
            "What is the most expensive?",
            "And what costs the most?",
            "which one is dearest",
        ),
        ("And which is the dearest?", "the most expensive one?", "What costs most of all?"),
    ),
    Next.CHEAPER: Wordings(
        (
            "Which is cheaper, {about}?",
            "and which is cheaper, {about}?",
            "what is cheaper: {about}",
            "Which costs less, {about}?",
            "{about}, which is cheaper?",
            "Is it {about} that is cheaper?",
        ),
        ("Which one costs less, {about}?", "so which is cheaper, {about}", "cheaper: {about}?"),
    ),
    Next.NEXT_ONE: Wordings(
        (
            "And the next one?",
            "and the next?",
            "the next one, please",
            "What about the one after that?",
            "And the one below it?",
            "what comes next",
        ),
        ("And the one after it?", "the next?", "Which one comes next?"),
    ),
    Next.ONE_BEFORE: Wordings(
        (
            "And the one before it?",
            "and the one before?",
            "the one before that, please",
            "What about the one before?",
            "And the one above it?",
            "what comes before that",
        ),
        ("And the previous one?", "the one above?", "Which one comes before it?"),
    ),
    Next.LIST_TITLE: Wordings(
        (
            "What is the title?",
            "and the title?",
            "what is it called?",
            "What is the title of the list?",
            "And what stands at the top?",
            "title please",
        ),
        ("What is the list called?", "and its title?", "which title has it"),
    ),
    Next.ITEMS: Wordings(
        (
            "How many items are there?",
            "and how many items are there?",
            "how many items",
            "Count the items.",
            "And how many things are on the list?",
            "How many prices are there?",
        ),
        ("How many items does the list have?", "number of items?", "So how many items?"),
    ),
    Next.CELL: Wordings(
        (
            "What is the {about}?",
            "and the {about}?",
            "the {about}, please",
            "And what is the {about}?",
            "Now read the {about}.",
            "tell me the {about}",
        ),
        ("So what is the {about}?", "now the {about}", "And tell me the {about}."),
    ),
    Next.ROWS: Wordings(
        (
            "How many rows are there?",
            "and how many rows are there?",
            "how many rows",
            "Count the rows.",
            "And how many rows does it have?",
            "how many rows without the header?",
        ),
        ("How many rows does the table have?", "number of rows?", "So how many rows?"),
    ),
    Next.COLUMNS: Wordings(
        (
            "Which columns are there?",
            "and which columns are there?",
            "what are the columns",
            "Name the columns.",
            "And what are the columns called?",
            "only the header, please",
        ),
        ("Which columns does it have?", "names of the columns?", "And the header?"),
    ),
}
FOLLOW_UPS = {ask: ways.and_more(MORE_FOLLOW_UPS[ask]) for ask, ways in _FOLLOW_UPS.items()}
