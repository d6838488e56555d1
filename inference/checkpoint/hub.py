"""A model of the hub → the hub's usual cache: room first, one bar, on from where it broke off."""

import logging
import shutil
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from huggingface_hub import HfApi, constants, hf_hub_url
from huggingface_hub.file_download import http_get, repo_folder_name
from huggingface_hub.utils import WeakFileLock, build_hf_headers  # type: ignore[attr-defined]
from tqdm import tqdm

from inference.checkpoint.checksums import checksum
from inference.checkpoint.hub_faults import hub_faults
from inference.errors import ModelLoadError

ENDS = (".json", ".safetensors")
"""Of the files that the bot reads."""
ROOM_BESIDE = 1024**3
"""Bytes that a download leaves free on its disk."""
TIMEOUT = 20

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a model: where it stands in the cache, and the blob there that holds it."""

    url: str
    size: int
    sha256: str | None
    """None for a small file, which the hub knows by git's checksum."""
    place: Path
    blob: Path

    @property
    def partial(self) -> Path:
        """Tell where what has come so far lies."""
        return self.blob.with_name(f"{self.blob.name}.incomplete")

    @property
    def arrived(self) -> int:
        """Count the bytes that have come."""
        if self.place.exists() or self.blob.exists():
            return self.size
        return self.partial.stat().st_size if self.partial.exists() else 0


@dataclass(frozen=True, slots=True)
class HubModel:
    """What the bot reads of a model at one commit, the smallest file first."""

    source: str
    revision: str | None
    commit: str
    files: tuple[HubFile, ...]

    @property
    def missing(self) -> int:
        """Count the bytes that are to be downloaded."""
        return sum(file.size - file.arrived for file in self.files)


def find_on_hub(source: str, revision: str | None) -> HubModel:
    """Ask the hub what a model consists of; raises ModelLoadError."""
    with hub_faults(source, revision):
        info = HfApi().model_info(source, revision=revision, files_metadata=True, timeout=TIMEOUT)
        commit = info.sha or ""
        files = [
            HubFile(
                hf_hub_url(source, each.rfilename, revision=commit),
                each.size or 0,
                each.lfs.sha256 if each.lfs else None,
                _folder(source) / "snapshots" / commit / each.rfilename,
                _folder(source) / "blobs" / (each.lfs.sha256 if each.lfs else each.blob_id or ""),
            )
            for each in info.siblings or ()
            if each.rfilename.endswith(ENDS) and "/" not in each.rfilename
        ]
        if not any(file.place.suffix == ENDS[1] for file in files):
            raise ModelLoadError(f"{source} has no safetensors files; only those are loaded.")
        return HubModel(source, revision, commit, tuple(sorted(files, key=lambda file: file.size)))


def free_room() -> int:
    """Count the bytes that a download may take of the cache's disk."""
    cache = Path(constants.HF_HUB_CACHE).absolute()
    existing = next(place for place in (cache, *cache.parents) if place.exists())
    return max(0, shutil.disk_usage(existing).free - ROOM_BESIDE)


def download(model: HubModel) -> Path:
    """Bring what is missing of a model into the cache and return its folder.

    Raises ModelLoadError, before the first byte where the disk has no room for all of them.
    """
    if (missing := model.missing) > (free := free_room()):
        raise ModelLoadError(
            f"The model {model.source} takes {missing / 1e9:.1f} GB more on disk, and "
            f"{free / 1e9:.1f} GB may be used in {constants.HF_HUB_CACHE}: make room, "
            "or set HF_HOME to a larger disk."
        )
    if missing:
        log.info("Downloading %.1f GB to %s.", missing / 1e9, constants.HF_HUB_CACHE)
    total = sum(file.size for file in model.files)
    with (
        hub_faults(model.source, model.revision),
        tqdm(
            desc=model.source,
            initial=total - missing,
            total=total,
            unit="B",
            unit_scale=True,
            disable=None if missing else True,  # None: shown on a terminal
        ) as bar,
    ):
        for file in model.files:
            _bring(file, bar)
        return _snapshot(model)


def _bring(file: HubFile, bar: Any) -> None:
    """Let a file stand at its place, as a link to its blob where links can be made."""
    cache = Path(constants.HF_HUB_CACHE)
    lock = cache / ".locks" / file.blob.relative_to(cache).parts[0] / f"{file.blob.name}.lock"
    for each in (lock, file.blob, file.place):
        each.parent.mkdir(parents=True, exist_ok=True)
    with WeakFileLock(lock):  # two processes may start at once
        if file.place.exists():
            return
        if not file.blob.exists():
            _download(file, bar)
        file.place.unlink(missing_ok=True)  # a link whose blob was deleted, as it was damaged
        try:
            file.place.symlink_to(Path("../../blobs", file.blob.name))
        except OSError:  # Windows without its developer mode
            file.blob.replace(file.place)


def _download(file: HubFile, bar: Any) -> None:
    """Go on from where it broke off; raises ModelLoadError for what is not what the hub has."""
    if file.arrived > file.size:
        file.partial.unlink()
    with file.partial.open("ab") as data:
        http_get(
            file.url,
            data,
            resume_size=file.arrived,
            headers=build_hf_headers(),
            expected_size=file.size,
            tqdm_class=cast("Any", lambda **_: nullcontext(bar)),  # one bar for all files
        )
    if file.sha256 and checksum(file.partial) != file.sha256:
        file.partial.unlink()
        raise ModelLoadError(f"{file.place.name} arrived damaged: start again to fetch it anew.")
    file.partial.replace(file.blob)


def _snapshot(model: HubModel) -> Path:
    """Return the model's folder, and let the cache know which commit a branch's name means."""
    if model.revision != model.commit:
        name = _folder(model.source) / "refs" / (model.revision or constants.DEFAULT_REVISION)
        name.parent.mkdir(parents=True, exist_ok=True)
        name.write_text(model.commit)
    return model.files[0].place.parent


def _folder(source: str) -> Path:
    return Path(constants.HF_HUB_CACHE) / repo_folder_name(repo_id=source, repo_type="model")
