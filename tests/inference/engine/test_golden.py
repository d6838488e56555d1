"""Served together, the engine's answers are still the ones that Microsoft's code gave alone."""

from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from transformers import AutoModelForImageTextToText

from inference import Request
from inference.decoder.linears import pack_linears
from inference.decoder.runner import Runner
from inference.decoder.vision import TiledPicture, VisionEncoder
from inference.engine.features import FeatureCache
from inference.engine.prompt import PictureSpan, Prompt
from inference.engine.scheduler import Scheduler
from inference.engine.sequence import Clock, Sequence
from inference.engine.step_sizes import StepSizes
from inference.engine.transcript import Transcript, Vocabulary
from inference.engine.turns import Turns
from inference.phi3_vision import Phi3VImageProcessor
from tests.golden import Case, cases, models, picture
from tests.golden.weights import write_checkpoint
from tests.tiny.checkpoint import FOLDER

NEW_TOKENS = 32
END = 32000
VOCABULARY = Vocabulary.of(Tokenizer.from_file(str(FOLDER / "tokenizer.json")), ends=[END])


def sequence_of(case: Case) -> Sequence:
    """Make of a case what the engine makes of a request."""
    spans = []
    tiled = {}
    for number, name in enumerate(case.images, 1):
        start = case.input_ids.index(-number)
        stop = start + case.input_ids.count(-number)
        spans.append(PictureSpan(-number, start, stop, picture(name)))
        pixels = Phi3VImageProcessor().pixels(picture(name), case.num_crops)
        height, width, _ = pixels.shape
        tiled[-number] = TiledPicture(-number, pixels, height // 336, width // 336)
    keys = tuple(case.input_ids)
    ids = tuple(max(key, 0) for key in keys)
    return Sequence(
        Request((), max_new_tokens=NEW_TOKENS),
        Prompt(
            ids, keys, tuple(spans), case.num_crops, fewer_crops=False, max_new_tokens=NEW_TOKENS
        ),
        Transcript(VOCABULARY, max_new_tokens=NEW_TOKENS),
        tiled,
        rows={},
        clock=Clock(arrived=0.0),
    )


@pytest.mark.parametrize("model", models())
def test_golden_answers_come_out_of_a_busy_engine(model: str, tmp_path: Path) -> None:
    fields = models()[model]
    folder = write_checkpoint(tmp_path, fields["config"], fields["clip"], fields["seed"])
    network = AutoModelForImageTextToText.from_pretrained(folder, dtype=torch.float32)
    switch = network.config.original_max_position_embeddings
    asked = [
        (case, sequence_of(case))
        for case in cases()
        if case.model == model
        and not len(case.input_ids) <= switch < len(case.input_ids) + NEW_TOKENS
        and case.name != "two_reversed_c4"  # the original hands these over in the wrong order
    ]
    pack_linears(network)
    turns = Turns(
        Scheduler(4 * 8192, 4, switch),
        Runner(network, 4 * 8192, longest=8192),
        VisionEncoder(network, Phi3VImageProcessor().cut),
        FeatureCache(0),
        StepSizes(chunk=500, tiles=5),
    )
    for _, sequence in asked:
        turns.add(sequence)
    while turns.has_work:
        turns.turn()
    for case, sequence in asked:
        assert sequence.transcript.tokens == case.greedy, case
    assert len(asked) > 2
