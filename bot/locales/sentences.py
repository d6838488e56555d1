"""Every sentence that the bot says to a person. Say what is so, then what to do."""

from bot.locales import Plural


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a sentence for the catalogue."""
    return text


def NN_(one: str, many: str, number: str) -> Plural:  # noqa: N802
    """Mark a sentence whose form depends on a number, which is filled in under this name."""
    return Plural(one, many, number)


# Pictures
NO_PICTURE = N_(
    "I see no picture here. Attach one to your message, or mention me in a reply to a message "
    "that has one."
)
NO_PICTURE_IN_MESSAGE = N_("That message has no picture. Choose one that does.")
NO_PICTURE_IN_FORWARD = N_(
    "The message that you forwarded has no picture. Forward one that does, or upload it here."
)
HIDDEN_PICTURE = N_(
    "I see no picture in the message that you replied to; Discord may hide it from me. "
    "If it has one, open its menu, choose Apps and then “Describe picture”."
)
LINK_ONLY = N_("I open no links. Please save the picture and upload it here.")
TAKEN_FROM = N_("I took the newest picture here: {link}.")
SEES_ONE_STEP = N_(
    "I may not read what was said here before, so I know only the message that you replied to."
)
UNUSABLE = N_("I could not look at {names}.")
ONE_LEFT = N_("That left one picture, so I describe it instead of comparing.")
FRAMES_SEEN = N_("Pictures of the animation that I looked at: {seen} of {total}.")
PAGES_SEEN = N_("Pages that I looked at: {pages} of {total}.")
PICTURES_LEFT_OUT = NN_(
    "I looked at the first of the pictures.",
    "I looked at the first {most} of the pictures.",
    "most",
)
NOT_A_PICTURE = N_(
    "That file is not a picture that I can read. Please send a PNG, JPEG, WebP, GIF, HEIC, AVIF, "
    "BMP, TIFF or PDF file."
)
PAGE_MISSING = N_("That document has no page of that number. Please name another one.")
PICTURE_LOCKED = N_(
    "That document asks for a password. Please send it without one, or a picture of the page."
)
PICTURE_DAMAGED = N_(
    "That picture is damaged, so I cannot open it. Please save it again and resend."
)
FILE_TOO_LARGE = N_("That file is too large for me. Please send one of at most {most} MB.")
PICTURE_TOO_LARGE = N_("That picture has too many pixels for me. Please send it smaller.")
PICTURE_TOO_THIN = N_("That picture is too narrow to make anything out. Please send a wider cut.")
PICTURE_GONE = N_("That picture is no longer there. Please upload it again.")
PICTURE_UNREACHABLE = N_("Discord did not hand me the picture. Please try again in a minute.")

# Help
HELP = N_("I tell you what is in pictures. Ask me like this:")
HELP_MENU = N_("Right click on a message, then Apps: {menus}. Only you see that answer.")
HELP_MENTION = N_(
    "Mention me in a message with pictures, or in a reply to one; or send me a direct message. If "
    "you write only a command's name, such as “ocr”, I do that."
)
HELP_BUTTONS = N_(
    "The buttons under an answer: once more, shorter or longer, as a file, a further question, "
    "delete."
)
HELP_CONVERSATION = N_("To ask more about a picture, reply to my answer; in private just write on.")
HELP_PRIVACY = N_("What I keep about you: **/privacy**.")

# Waiting and working
LOOKING = N_("Looking at your picture…")
WAKING = N_("I was resting and have to wake up first. That takes a moment…")
WAITING = N_("You are number {position} in the queue.")
WAITING_ABOUT = N_("You are number {position} in the queue: about {duration} to go.")
THREAD_NAME = N_("About your picture")
COPY_ALT = N_("Picture {number} that this answer is about")
COMPARED_ALT = N_("The pictures side by side")
CANCEL = N_("Cancel")
AGAIN = N_("Again")
SHORTER = N_("Shorter")
LONGER = N_("Longer")
AS_FILE = N_("As file")
ASK_MORE = N_("Ask more")
DELETE = N_("Delete")
BUTTON_TOO_OLD = N_("This button is too old. Reply to the answer instead.")
NOT_YOUR_ANSWER = N_(
    "Only the person who asked can do that. “Ask more” gives you an answer of your own."
)
MAY_NOT_DELETE = N_(
    "Only the person who asked can delete this, or somebody who may manage messages here."
)
NO_WORDS_HERE = N_("There are no words in this answer to put into a file.")
FORM_TITLE = N_("Ask about the picture")
FORM_QUESTION = N_("Your question")
FORM_TOO_OLD = N_("That form is too old. Please open it again.")
CANCELLED = N_("Cancelled.")
ALREADY_ANSWERED = N_("That one is already answered; there is nothing left to cancel.")
NOT_YOURS = N_("Only the person who asked can cancel this.")
SECONDS = N_("{count} s")
MINUTES = N_("{count} min")

# Limits and trust
BUSY = N_(
    "Many people are waiting: your answer would take about {duration}. Please ask again later."
)
QUEUE_FULL = N_("My queue is full. Please ask again in a few minutes.")
SERVER_QUEUE_FULL = NN_(
    "This server already has a question in my queue. Please ask again in a few minutes.",
    "This server already has {most} questions in my queue. Please ask again in a few minutes.",
    "most",
)
YOUR_QUEUE_FULL = NN_(
    "You already have a question with me. Wait for the answer, or cancel it.",
    "You already have {most} questions with me. Wait for an answer, or cancel one of them.",
    "most",
)
TOO_FAST = N_("That was a little fast. You can ask again {when}.")
SERVER_TOO_FAST = N_("This server asks faster than I can answer. You can ask again {when}.")
IGNORED = N_("You have asked too quickly too many times in a row. I will answer you again {when}.")
NOT_HERE = N_("I am not set up to answer here.")
OTHER_CHANNELS = N_("On this server I only answer in certain channels. Please ask me there.")
OTHER_ROLES = N_(
    "On this server I only answer people with certain roles, and you have none of them."
)
NOT_YOU = N_("I am not set up to answer you. The people who run me decide whom I answer.")
NOT_IN_AGE_RESTRICTED = N_(
    "I do not answer in age-restricted channels. Please ask me in another channel."
)
PAUSED = N_("My owner has paused me. Please try again later.")
RESTARTING = N_("I am restarting. Your answer comes right after.")
OWNER_ONLY = N_("Only my owner can do that.")
PAUSE_DONE = N_("Paused: I finish what is waiting and take nothing new. /resume wakes me up.")
RESUME_DONE = N_("Back at work.")
STATUS = N_("Open questions: {open}. How the others ended, today, in 7 and in 90 days (UTC):")
NOTHING_COUNTED = N_("Open questions: {open}. None has ended in the last 90 days.")

# Settings of a server
JOINED = N_(
    "Hello! I tell you what is in pictures. Mention me in a message with a picture or in a reply "
    "to one, or type **/describe**; **/help** shows every way to ask. Anyone who can manage this "
    "server sets where and how I answer with **/settings**."
)
MANAGERS_ONLY = N_("Only those who may manage this server can do that.")
SETTINGS_FOR = N_("Settings for {server}")
SETTINGS_HINT = N_("Changes take effect at once, within what my owner allows.")
SET_CHANNELS = N_("**Channels** that I answer in, with their threads. None chosen: all.")
SET_ROLES = N_("**Roles** that I answer. None chosen: everybody.")
SET_MENTION = N_("**When somebody mentions me**")
MENTION_THREAD = N_("I answer in a thread that all can read")
MENTION_PRIVATE_THREAD = N_("I answer in a thread for the asker alone")
MENTION_REPLY = N_("I reply in the channel")
MENTION_OFF = N_("I do not react")
SET_PRIVATE = N_("**Who sees my answers to commands**")
SEEN_BY_ALL = N_("Everybody in the channel")
SEEN_BY_ASKER = N_("The asker alone")
SET_DETAIL = N_("**How much I say**")
DETAIL_SHORT = N_("A sentence or two")
DETAIL_NORMAL = N_("As usual")
DETAIL_LONG = N_("All details")
SET_LANGUAGE = N_("**Language of my answers**")
LANGUAGE_ASKERS = N_("The language of the person who asks")
SET_A_MINUTE = N_("**Questions that a member may ask in a minute**")
AS_MANY_AS_ALLOWED = N_("As many as my owner allows: {most}")
SET_AGE = N_("**In age-restricted channels**")
AGE_OFF = N_("I do not answer")
AGE_SPOILER = N_("I answer behind spoiler bars")
AGE_ON = N_("I answer as anywhere else")
SET_ACCESSIBLE = N_(
    "**Channels for people who do not see pictures**: there I offer a description of each picture "
    "without alt text. None chosen: nowhere."
)
SET_AT_ONCE = N_("**What I put under such a picture**")
PICTURE_BUTTON = N_("A button; only the person who presses it sees the description")
PICTURE_SENTENCES = N_("A sentence or two for everybody")
BOUND_SERVER = N_("My owner does not let me answer on this server.")
BOUND_ALLOWED = N_("My owner allows only: {names}.")
BOUND_BLOCKED = N_("My owner does not allow: {names}.")
BOUND_AGE_OFF = N_("My owner does not let me answer there.")
BOUND_AGE_SPOILER = N_("My owner lets me answer there only behind spoiler bars, or not at all.")
CHOSEN_IS_GONE = N_(
    "Something chosen here has been deleted. It stays chosen until you choose again."
)
LACKS_PRIVATE_THREADS = N_(
    "I lack the permission “Create Private Threads”. Until I have it, I reply in the channel."
)
NOT_ANSWERED_THERE = N_("Not among the channels that I answer in: {names}.")
NEEDS_MESSAGE_CONTENT = N_(
    "Discord does not show me these pictures: my owner has to switch on the Message Content "
    "Intent first."
)

# Pictures described for who does not see them
NO_ALT_TEXT = N_("Nobody has described this yet.")
DESCRIBE_FOR_ME = N_("Describe for me")
LEAVE_MY_PICTURES = N_("Leave my pictures alone")
DESCRIBE_MY_PICTURES = N_("Describe my pictures again")
ABOUT_PICTURES = N_(
    "On some servers I describe pictures without being asked. If you like, I will leave yours "
    "alone."
)
ABOUT_LEFT_ALONE = N_("I leave your pictures alone: unasked, I describe none of them.")
WISH_STAYS = N_("I still remember to leave your pictures alone; **/privacy** lets you change that.")

# Answers
MAY_CONTAIN_ERRORS = N_("May contain errors.")
TEXT_REPEATED = N_("The text began to repeat, so I stopped.")
ANSWER_CUT = N_("The answer reached the length limit.")
LOOKED_LESS_CLOSELY = N_(
    "That was a lot at once, so I looked less closely. Send it in parts and I will see more."
)
NO_WORDS = N_("I found nothing to say about it. Ask me something more precise.")
NOTHING_READ = N_(
    "I could read nothing in that picture. If something is written there, please send it larger "
    "or a closer cut of it."
)
RETOLD = N_("I could not copy it word for word.")
IN_ENGLISH = N_("I had no words for it in your language.")
NOT_A_TABLE = N_("This is not a well-formed table.")
JUST_WRITE = N_("Just write here to ask more.")
REPLY_TO_ASK = N_("Reply to me to ask more.")
FULL_ANSWER = N_("The whole answer is in the file.")
NO_FILES_HERE = N_("The answer is longer, and I may not attach files here.")
BLOCKED_HERE = N_("This server's filter does not let my answer through.")

# Privacy
PRIVACY = N_(
    "This is what I keep, on the computer that I run on and, if my owner runs the model elsewhere, "
    "on that one:"
)
KEPT_QUESTION = N_(
    "Your question and what was said before it, who and where you are and where its answer stands: "
    "until it is answered."
)
KEPT_PICTURES = N_(
    "Your pictures, and the key with which Discord lets me post the answer: until your question is "
    "answered."
)
KEPT_DAMAGED = N_(
    "A file of open questions that got damaged: set aside, until my owner has looked at it and "
    "deletes it."
)
KEPT_HEARD = N_(
    "The numbers of the last questions, to miss none and answer none twice: for two hours."
)
KEPT_CONVERSATION = N_(
    "That you have written to me in private, to find what you write while I am away: until you use "
    "/forget-me."
)
KEPT_CHOICES = N_("What those who run a server have chosen in /settings: until I leave it.")
KEPT_LEFT_ALONE = N_("That I am to leave your pictures alone: until you take that back below.")
KEPT_COUNTS = N_(
    "How many questions of each kind there were on a day and how they ended, not whose they were: "
    "for 90 days. The language of the asker's Discord is counted, too: until I restart, or as long "
    "as my owner keeps these counts."
)
KEPT_FACTS = N_("When I was last there, whether I am paused, how fast I am: nothing of anybody.")
KEPT_MODEL = N_(
    "What the model worked out from your last pictures and questions, in memory: until it needs "
    "the room or the model is restarted."
)
KEPT_TIMES = N_(
    "Your last messages to me and the times of your questions, in memory: for a minute, or for "
    "five if you mentioned me too fast, and until somebody asks after that."
)
KEPT_LOG = N_(
    "A log of each question's number and kind and how it ended, and of faults: never words, "
    "pictures or file names. My owner decides how long it is kept."
)
IN_DISCORD = N_(
    "In Discord, my answer to a command shows your question and a copy of your picture to "
    "whoever can read the answer; with the option “private” only to you. *Delete* under the "
    "answer removes all of it."
)
FORGOTTEN = NN_(
    "Deleted: an open question with its pictures, that you have written to me in private, and what "
    "the model still had in memory of them. The times of your last questions go by themselves, as "
    "/privacy says. What else is left does not name you: numbers of the last questions, and "
    "counts. What I have answered stays in Discord.",
    "Deleted: {questions} open questions with their pictures, that you have written to me in "
    "private, and what the model still had in memory of them. The times of your last questions go "
    "by themselves, as /privacy says. What else is left does not name you: numbers of the last "
    "questions, and counts. What I have answered stays in Discord.",
    "questions",
)
HOW_TO_DELETE = N_("To remove one of my answers, press *Delete* under it.")

# The trial page
TRIAL_WELCOME = N_(
    "Hi! This page is a Discord of your own, and I am the real bot. Point at one of the pictures "
    "above, choose **Reply** and ask, or upload one of yours with a command. My newest answer "
    "stands at the end."
)
TRIAL_SMALL_MODEL = N_(
    "But my model here is a small one: it knows drawn pictures of a few kinds, and says so when it "
    "sees anything else."
)
TRIAL_FEW_QUESTIONS = N_(
    "It understands a few questions in English, such as “How many shapes are there?”, and answers "
    "others oddly."
)
TRIAL_REAL_MODEL = N_("For the real model, see “Run it” in the README.")
TRIAL_SIGNATURE = N_("Answered by: {model}.")
TRIAL_QUESTION = N_("Reply with a question, such as: {question}")

# Failures
TOO_LONG = N_(
    "That is more than I can look at in one go. Please send fewer pictures or a shorter question."
)
MODEL_AWAY = N_("My model cannot be reached right now. Please ask again in a few minutes.")
MODEL_FAILED = N_("Something went wrong while I was looking at it. Please ask again.")
COMMAND_CHANGED = N_("This command has just been updated. Please try again in a minute.")
UNEXPECTED = N_("Something went wrong on my side. Please ask again in a minute.")
