"""What can go wrong on the model's side. Each message is one sentence for the operator."""


class InferenceError(Exception):
    """Any failure that inference reports on purpose."""


class SettingsError(InferenceError):
    """A setting is missing or wrong; names the setting, the fault and an example."""


class ModelLoadError(InferenceError):
    """The model cannot be loaded; names the file at fault."""


class PictureError(InferenceError):
    """A picture cannot be used."""


class NotAPictureError(PictureError):
    """The bytes are no picture in a format that we read."""


class PictureDamagedError(PictureError):
    """The bytes begin like a picture but cannot be decoded to the end."""


class PictureTooLargeError(PictureError):
    """The picture has more pixels than we decode."""


class PictureTooThinError(PictureError):
    """One side of the picture would vanish when the model resizes it."""


class PictureLockedError(PictureError):
    """The document opens with a password only."""


class PageMissingError(PictureError):
    """The document has no page of the number that was asked for."""


class RequestError(InferenceError):
    """A request cannot be served as it stands."""


class RequestTooLongError(RequestError):
    """Prompt and answer do not fit the context, even with the fewest crops."""


class DeadlinePassedError(RequestError):
    """The deadline passed before the first token."""


class EngineBusyError(RequestError):
    """The engine's inbox is full."""


class EngineClosedError(InferenceError):
    """The engine no longer takes requests."""


class GenerationError(InferenceError):
    """The model failed while it answered."""


class AnswerCutError(GenerationError):
    """The answer broke off, through no fault of the request: ask again, from the start, once."""


class EngineUnavailableError(InferenceError):
    """No server took the request for as long as the engine tries: it may be asked again later."""
