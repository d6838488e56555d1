"""What the model is trained on is what it is asked later, and training goes on where it stopped."""

import asyncio
import json
import re
import shutil
from dataclasses import replace
from random import Random

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file
from transformers import PreTrainedTokenizerFast

from inference import (
    TASKS,
    EngineSettings,
    Message,
    ModelKind,
    Picture,
    Request,
    load_engine,
)
from inference.demo import CHECKPOINT
from inference.demo.__main__ import main
from inference.demo.architecture import MAX_CROPS, WIDTH, build_model, build_processor
from inference.demo.batches import ConversationBatches, SightBatches
from inference.demo.dense import LABELS, NOTHING, DenseHead, dense_targets
from inference.demo.drawing import Canvas
from inference.demo.exercises import Asking, Family, draw_exercise
from inference.demo.losses import Speaking
from inference.demo.plot import plot
from inference.demo.train import LOSSES, STATE, Recipe, export, train
from inference.demo.words import Split
from inference.engine.chat_format import ChatFormat

PROCESSOR = build_processor()


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return build_model(PROCESSOR.tokenizer).eval()


@pytest.mark.parametrize("family", Family)
@torch.no_grad()
def test_questions_that_share_a_picture_are_learnt_as_if_each_were_asked_alone(family, model):
    exercise = draw_exercise(family, Random(7), Split.TRAIN, Asking(questions=3))
    together = ConversationBatches(PROCESSOR, 1).join([exercise])
    speaking = Speaking(model, PROCESSOR.image_processor, DenseHead(WIDTH))
    logits = model.lm_head(speaking.read(together)[1])

    images = [drawing.image for drawing in exercise.drawings]
    pixels = PROCESSOR.image_processor(images, return_tensors="pt")
    alone = []
    for question in exercise.questions:
        message = Message("user", question.text, tuple(Picture(image) for image in images))
        prompt = ChatFormat(PROCESSOR).prompt(Request((message,)), 4096)
        answer = PROCESSOR.tokenizer.encode(question.answer, add_special_tokens=False)
        output = model(
            input_ids=torch.tensor([[*prompt.ids, *answer]]),
            pixel_values=pixels["pixel_values"],
            image_sizes=pixels["image_sizes"],
        )
        alone.append(output.logits[0, len(prompt.ids) - 1 :])
    torch.testing.assert_close(logits, torch.cat(alone), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("family", Family)
@torch.no_grad()
def test_a_conversation_is_learnt_as_the_bot_asks_it(family, model):
    exercise = draw_exercise(family, Random(11), Split.TRAIN, Asking(follow_ups=3))
    together = ConversationBatches(PROCESSOR, 1).join([exercise])
    speaking = Speaking(model, PROCESSOR.image_processor, DenseHead(WIDTH))
    logits = model.lm_head(speaking.read(together)[1])

    (first,) = exercise.questions
    pictures = tuple(Picture(drawing.image) for drawing in exercise.drawings)
    *before, last = (first, *first.follow_ups)
    earlier = ()
    for place, question in enumerate(before):
        earlier += TASKS["ask"].exchange(
            question.answer, () if place else pictures, question.text, kind=ModelKind.DEMO
        )
    request = TASKS["ask"].request((), last.text, kind=ModelKind.DEMO, earlier=earlier)
    prompt = ChatFormat(PROCESSOR).prompt(request, 4096)
    answer = PROCESSOR.tokenizer.encode(last.answer, add_special_tokens=False)
    pixels = PROCESSOR.image_processor([each.image for each in pictures], return_tensors="pt")
    output = model(
        input_ids=torch.tensor([[*prompt.ids, *answer]]),
        pixel_values=pixels["pixel_values"],
        image_sizes=pixels["image_sizes"],
    )
    alone = output.logits[0, len(prompt.ids) - 1 :]
    torch.testing.assert_close(logits[-len(alone) :], alone, atol=1e-5, rtol=1e-4)


def test_without_a_picture_only_what_follows_from_the_words_is_learnt():
    parts = ConversationBatches(PROCESSOR, 1)[0]
    rows = [
        (PROCESSOR.tokenizer.decode(ids), part.said[part.speaking // len(ids) == row])
        for part in parts
        if part.views is None
        for row, ids in enumerate(part.input_ids)
    ]
    assert rows
    for text, said in rows:
        learnt = PROCESSOR.tokenizer.decode(said, skip_special_tokens=True)
        _, answer, *others = re.findall(r"(?<=user\|>|tant\|>)\s*(.*?)<\|end\|>", text, re.DOTALL)
        if others:
            assert learnt == " ".join(others[1::2])
        else:
            assert learnt.endswith(answer.rpartition(". ")[2])
            assert len(learnt) < len(text) / 2


def test_a_model_asked_for_sixteen_crops_takes_the_two_that_it_learnt():
    drawing = draw_exercise(Family.COVERS, Random(0), Split.TRAIN).drawings[0]
    tiles, _ = PROCESSOR.image_processor.tiles(drawing.image, 16)
    assert len(tiles) == 1 + MAX_CROPS


def test_a_letter_is_noted_under_the_patch_where_it_stands():
    canvas = Canvas(112, 224, 2, (255, 255, 255))
    canvas.text("A", 60, 150, 20, (0, 0, 0))
    targets = dense_targets(canvas.finish(Random(0)), PROCESSOR.image_processor, MAX_CROPS)
    (place,) = (targets != NOTHING).nonzero().tolist()
    crop, row, slot = place
    assert (crop, row, slot) == (1, 1 * 4 + 2, 0)
    assert LABELS[targets[crop, row, slot]] == "A"


def test_a_batch_is_known_by_its_number():
    one, two = SightBatches(PROCESSOR, 1)[3], SightBatches(PROCESSOR, 1)[3]
    assert torch.equal(one.crops, two.crops)
    assert torch.equal(one.targets, two.targets)
    assert len(one.crops) == len(one.targets)


def test_a_training_goes_on_where_it_stopped_and_gives_a_checkpoint_that_loads(tmp_path):
    train(tmp_path, recipe(see_steps=1), processes=1)
    train(tmp_path, recipe(see_steps=2), processes=1)
    state = torch.load(tmp_path / STATE, weights_only=True)
    assert state["steps"] == {"see": 2, "speak": 1}
    assert Image.open(plot(tmp_path)).size == (800, 400)

    export(tmp_path, tmp_path / "checkpoint")
    engine = load_engine(EngineSettings(source=str(tmp_path / "checkpoint"), device="cpu"))
    asyncio.run(engine.close())


def test_others_may_draw_while_the_model_learns(tmp_path):
    drawn_by_itself, drawn_by_others = (
        replace(recipe(), batch_size=2, drawers=drawers) for drawers in (0, 2)
    )
    train(tmp_path / "one", drawn_by_itself, processes=1)
    train(tmp_path / "three", drawn_by_others, processes=1)
    one, three = (load_state(tmp_path / folder) for folder in ("one", "three"))
    assert all(torch.equal(one[name], three[name]) for name in one)


def test_a_stage_that_ends_by_the_clock_ends_in_all_processes_and_is_not_begun_again(tmp_path):
    hasty = replace(recipe(see_steps=500, speak_steps=0), minutes=(1e-9, 1e-9))
    train(tmp_path, hasty, processes=2)
    train(tmp_path, hasty, processes=1)
    steps = [line.split(",")[:2] for line in (tmp_path / LOSSES).read_text().splitlines()]
    assert steps == [["see", "0"]]


def test_a_training_may_begin_with_a_checkpoint(tmp_path):
    train(tmp_path, recipe(see_steps=1, speak_steps=0, start=CHECKPOINT), processes=1)
    export(tmp_path, tmp_path / "checkpoint")
    before, after = (
        load_file(folder / "model.safetensors") for folder in (CHECKPOINT, tmp_path / "checkpoint")
    )
    knew, knows = (
        PreTrainedTokenizerFast.from_pretrained(folder).get_vocab()
        for folder in (CHECKPOINT, tmp_path / "checkpoint")
    )
    words = list(knew.keys() & knows.keys())
    assert len(words) > 500
    assert torch.equal(
        before["lm_head.weight"][[knew[word] for word in words]],
        after["lm_head.weight"][[knows[word] for word in words]],
    )


def test_a_new_head_is_warmed_up_while_the_tower_rests(tmp_path):
    warming = replace(recipe(see_steps=0, speak_steps=0, start=CHECKPOINT), warm_steps=2)
    train(tmp_path, warming, processes=1)
    state = torch.load(tmp_path / STATE, weights_only=True)
    assert state["steps"] == {"warm": 2}
    assert state["head"]["slots.weight"].any()
    export(tmp_path, tmp_path / "checkpoint")
    before, after = (
        load_file(folder / "model.safetensors") for folder in (CHECKPOINT, tmp_path / "checkpoint")
    )
    seeing = [name for name in before if "vision" in name]
    assert seeing
    assert all(torch.equal(before[name], after[name]) for name in seeing)
    assert Image.open(plot(tmp_path)).size == (800, 400)


def test_while_the_tower_rests_the_decoder_learns_on_two_cores(tmp_path):
    resting = replace(recipe(see_steps=0, speak_steps=2, start=CHECKPOINT), tower_share=0)
    train(tmp_path, resting, processes=2)
    export(tmp_path, tmp_path / "checkpoint")
    before, after = (
        load_file(folder / "model.safetensors") for folder in (CHECKPOINT, tmp_path / "checkpoint")
    )
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed
    assert not [name for name in changed if "vision" in name]


def test_the_mean_of_two_checkpoints_lies_half_way(tmp_path):
    train(tmp_path, recipe(see_steps=1, speak_steps=0), processes=1)
    export(tmp_path, tmp_path / "new")
    export(tmp_path, tmp_path / "mean", CHECKPOINT)
    old, new, mean = (
        load_file(folder / "model.safetensors")
        for folder in (CHECKPOINT, tmp_path / "new", tmp_path / "mean")
    )
    assert not torch.equal(old["lm_head.weight"], new["lm_head.weight"])
    for name, weights in mean.items():
        half_way = (old[name].float() + new[name].float()) / 2
        torch.testing.assert_close(weights.float(), half_way, atol=1e-3, rtol=1e-2)


def test_where_there_is_no_mean_one_sentence_says_so(tmp_path, tiny_checkpoint, capsys):
    train(tmp_path, recipe(see_steps=1, speak_steps=0), processes=1)
    mean = tmp_path / "mean"
    options = ["export", "--folder", str(tmp_path), "--checkpoint", str(mean)]
    for other in (tiny_checkpoint, with_words_in_another_order(tmp_path / "other")):
        assert main([*options, "--mean-with", str(other)]) == 1
        *_, told = capsys.readouterr().err.splitlines()
        assert told.startswith(f"{other} has other layers or words ")
    assert not mean.exists()


def test_a_checkpoint_that_is_not_there_is_named(tmp_path, capsys):
    assert main(["evaluate", "--checkpoint", str(tmp_path / "nowhere")]) == 1
    assert "nowhere" in capsys.readouterr().err


def with_words_in_another_order(folder):
    shutil.copytree(CHECKPOINT, folder)
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    words = tokenizer["model"]["vocab"]
    words["a"], words["b"] = words["b"], words["a"]
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    return folder


def load_state(folder):
    return torch.load(folder / STATE, weights_only=True)["model"]


def recipe(see_steps=1, speak_steps=1, start=None):
    return Recipe(see_steps, speak_steps, seed=1, start=start, dtype=torch.float32)
