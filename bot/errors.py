"""The one ladder from what went wrong to the sentence that a person reads."""

from discord import app_commands

import inference
from bot.locales import Sentence, say
from bot.locales import sentences as s


class DeclinedError(Exception):
    """A wish that cannot be met; carries the sentence that says why and what to do."""

    def __init__(self, sentence: Sentence, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values


class OperatorError(Exception):
    """What the operator must mend before the bot can start; says how, in one sentence."""


OLD_COMMAND = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)
"""What it means that Discord still offers commands that are ours no more."""

_SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    *((kind, s.COMMAND_CHANGED) for kind in OLD_COMMAND),
    (inference.NotAPictureError, s.NOT_A_PICTURE),
    (inference.PictureTooLargeError, s.PICTURE_TOO_LARGE),
    (inference.PictureTooThinError, s.PICTURE_TOO_THIN),
    (inference.PictureDamagedError, s.PICTURE_DAMAGED),
    (inference.PictureLockedError, s.PICTURE_LOCKED),
    (inference.PageMissingError, s.PAGE_MISSING),
    (inference.RequestTooLongError, s.TOO_LONG),
    (inference.EngineUnavailableError, s.MODEL_AWAY),
    (inference.EngineBusyError, s.MODEL_AWAY),
    (inference.InferenceError, s.MODEL_FAILED),
)


def sentence_for(error: BaseException, locale: str) -> str:
    """Tell a person in one sentence what went wrong and what to do."""
    if isinstance(error, DeclinedError):
        return say(locale, error.sentence, **error.values)
    for kind, sentence in _SENTENCES:
        if isinstance(error, kind):
            return say(locale, sentence)
    return say(locale, s.UNEXPECTED)


def is_expected(error: BaseException) -> bool:
    """Tell whether an error is one that people cause, which needs no traceback in the log."""
    return isinstance(error, DeclinedError | inference.PictureError | inference.RequestError)
