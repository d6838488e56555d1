"""What the hub, the way to it or the disk may refuse, each as one sentence that says what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from huggingface_hub import constants
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from inference.errors import ModelLoadError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
REFUSED = (401, 403)


@contextmanager
def hub_faults(source: str, revision: str | None) -> Iterator[None]:
    """Raise whatever the hub's library says of a model as a ModelLoadError."""
    try:
        yield
    except ModelLoadError:
        raise
    except Exception as error:  # the hub's, its HTTP library's and its downloader's share no base
        raise ModelLoadError(_sentence(error, source, revision)) from error


def _sentence(error: Exception, source: str, revision: str | None) -> str:
    here = f"The model {source} is not here"
    page = f"{constants.ENDPOINT}/{source}"
    match error:
        case HFValidationError():
            return f"There is no folder {source}, and no model of the hub can have that name."
        case OfflineModeIsEnabled():
            return f"{here}, and HF_HUB_OFFLINE is set: unset it for the first start."
        case GatedRepoError():
            return f"{here}, and asks for consent: accept its terms on {page} and set HF_TOKEN."
        case RevisionNotFoundError():
            return f"The hub has no {revision} of {source}: look at MODEL_REVISION and {page}."
        case RepositoryNotFoundError():
            return (
                f"The hub has no model {source}: look at the name in MODEL_SOURCE, "
                "or set HF_TOKEN if it is a private one."
            )
        case HfHubHTTPError():
            status = error.response.status_code
            if status in REFUSED:
                return (
                    f"{here}, and the hub refuses it (status {status}): set HF_TOKEN to a token "
                    f"that is valid and may read {source}."
                )
            return f"{here}, and the hub is in trouble (status {status}): try again in a while."
        case OSError() if error.errno in FULL:
            return (
                f"The disk is full: make room in {constants.HF_HUB_CACHE}, or set HF_HOME to a "
                "larger disk; what is there already is kept."
            )
        case OSError() if error.filename:
            return f"{error.filename} cannot be used ({error.strerror}): mend it, or set HF_HOME."
    if _is_a("ProxyError", error):
        return f"{here}, and the proxy refuses the way to the hub: look at HTTPS_PROXY."
    return (
        f"{here}, and {constants.ENDPOINT} cannot be reached ({type(error).__name__}): look at the "
        "network and start again; what is there already is kept."
    )


def _is_a(name: str, error: Exception) -> bool:
    # The hub's library has changed its HTTP library, and so the module that errors come from.
    return any(kind.__name__ == name for kind in type(error).__mro__)
