"""What a person sees who asks in the terminal."""

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from inference import TASKS, Ending, EngineSettings, Form, StopReason, decode_picture
from inference.__main__ import main
from inference.checkpoint.loading import load_model
from inference.commands import check
from inference.commands.ask import stream
from inference.commands.ground import Ground
from inference.commands.trials import TRIALS, wording_trials_for
from inference.decoder.small_linears import can_shrink
from inference.engine.local import LocalEngine
from tests.golden import FOLDER

SQUARE = str(FOLDER / "images/square_500x500.png")
NOT_A_PICTURE = "The file is not a picture in a format that I can read."
WIDE = str(FOLDER / "images/wide_1280x400.png")


@pytest.fixture(autouse=True)
def _tiny_model(tiny_checkpoint, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MODEL_SOURCE", str(tiny_checkpoint))
    monkeypatch.setenv("MODEL_DTYPE", "float32")


def picture(path):
    return decode_picture(Path(path).read_bytes())


def test_a_picture_is_described_as_plain_transformers_would(capsys, oracle):
    assert main(["describe", SQUARE, "--detail", "short"]) == 0
    expected = oracle.answer(TASKS["describe"].request((picture(SQUARE),), detail="short"))
    output = capsys.readouterr()
    assert output.out == expected + "\n"
    assert "The answer began to repeat itself and was stopped." in output.err


def test_a_model_that_is_named_answers_itself_whatever_servers_there_are(
    capsys, monkeypatch, tiny_checkpoint
):
    monkeypatch.setenv("ENGINE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("ENGINE_START_SECONDS", "0")
    assert main(["describe", SQUARE]) == 1
    assert "No model server answers" in capsys.readouterr().err
    assert main(["describe", SQUARE, "--model", str(tiny_checkpoint)]) == 0
    assert capsys.readouterr().out


def test_two_pictures_are_compared_in_their_own_words(capsys, oracle):
    question = "Which is wider?"
    assert main(["compare", SQUARE, WIDE, "--question", question, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    request = TASKS["compare"].request((picture(SQUARE), picture(WIDE)), question)
    assert answer["answer"] == oracle.answer(request)
    assert answer["ending"]["prompt_tokens"] > 757 + 601
    assert answer["ending"]["new_tokens"] == len(oracle.tokens(request))


def test_a_table_that_is_none_is_said_to_be_none(capsys):
    assert main(["table", SQUARE]) == 0
    assert "The answer is not a table." in capsys.readouterr().err


async def test_what_is_said_around_a_transcription_is_not_printed(capsys, tiny_checkpoint):
    said = "Sure!\nHere is the text in the picture:\nABCDEFGH\nIJK"
    model, processor = load_model(EngineSettings(source=str(tiny_checkpoint), dtype="float32"))
    engine = LocalEngine(model, processor, "tiny")
    end = processor.tokenizer.convert_tokens_to_ids("<|end|>")
    tokens = iter([*processor.tokenizer.encode(said, add_special_tokens=False), end])
    model.lm_head.register_forward_hook(
        lambda _, __, logits: logits.index_fill(-1, torch.tensor([next(tokens)]), 99.0)
    )
    task = TASKS["ocr"]
    reading, _ = await stream(engine, task.request((picture(SQUARE),)), task)
    await engine.close()
    assert (reading.form, reading.text) == (Form.TRANSCRIPTION, "ABCDEFGH\nIJK")
    assert capsys.readouterr().out == reading.text + "\n"


def saying(monkeypatch, *texts):
    """Let the command find an engine whose model says one text after another."""
    engine = engine_that_says(*texts)
    monkeypatch.setattr("inference.commands.ask.load_with_progress", lambda: engine)


def engine_that_says(*texts):
    settings = EngineSettings(source=os.environ["MODEL_SOURCE"], dtype="float32")
    model, processor = load_model(settings)
    engine = LocalEngine(model, processor, "tiny")
    tokenizer = processor.tokenizer
    end = tokenizer.convert_tokens_to_ids("<|end|>")
    said = [[*tokenizer.encode(text, add_special_tokens=False), end] for text in texts]
    tokens = iter([token for each in said for token in each])
    model.lm_head.register_forward_hook(
        lambda _, __, logits: logits.index_fill(-1, torch.tensor([next(tokens)]), 99.0)
    )
    return engine


def test_a_question_without_an_answer_is_asked_once_more_in_english(capsys, monkeypatch):
    saying(monkeypatch, "\n\n", "A red square.")
    assert main(["describe", SQUARE, "--language", "de"]) == 0
    output = capsys.readouterr()
    assert output.out.strip() == "A red square."
    assert "once more in English" in output.err


def test_in_english_it_is_asked_once(capsys, monkeypatch):
    saying(monkeypatch, "\n\n", "A red square.")
    assert main(["describe", SQUARE]) == 0
    output = capsys.readouterr()
    assert output.out.strip() == ""
    assert "The model said nothing." in output.err


def test_a_table_in_markdown_is_printed_as_csv(capsys, monkeypatch):
    saying(monkeypatch, "Here is the table:\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    assert main(["table", SQUARE]) == 0
    output = capsys.readouterr()
    assert output.out.strip() == "a,b\n1,2"
    assert output.err.strip().endswith("The copy may contain errors.")


def test_an_answer_in_any_script_can_be_written_to_a_file(monkeypatch):
    said = "Zażółć gęślą jaźń → 東京"
    saying(monkeypatch, said)
    file = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(file, "cp1252"))  # as Windows opens it
    assert main(["ocr", SQUARE]) == 0
    assert file.getvalue().decode() == said + "\n"


@pytest.mark.parametrize("task", TASKS)
def test_every_task_can_be_asked_in_the_terminal(task, capsys, monkeypatch):
    saying(monkeypatch, "A red square.")
    question = [] if TASKS[task].asks_by_itself else ["--question", "What is it?"]
    pictures = [SQUARE, WIDE] if task == "compare" else [SQUARE]
    assert main([task, *pictures, *question]) == 0
    assert capsys.readouterr().out.strip() == "A red square."


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("missing.png", None, "missing.png cannot be read: no such file or directory."),
        ("notes.txt", b"hello", f"notes.txt: {NOT_A_PICTURE}"),
        ("empty.jpg", b"", f"empty.jpg: {NOT_A_PICTURE}"),
    ],
)
def test_a_file_that_is_no_picture_is_one_sentence(capsys, tmp_path, name, content, sentence):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert main(["ocr", name]) == 1
    assert capsys.readouterr() == ("", sentence + "\n")


def test_too_many_pictures_are_one_sentence(capsys):
    assert main(["compare", *[SQUARE] * 7]) == 1
    assert capsys.readouterr().err == "compare takes at most 6 pictures.\n"
    assert main(["table", SQUARE, WIDE]) == 1
    assert capsys.readouterr().err == "table takes one picture.\n"


def test_a_model_that_is_not_there_is_one_sentence_and_exit_code_1(tmp_path):
    command = [sys.executable, "-m", "inference", "ocr", SQUARE, "--model", str(tmp_path / "none")]
    ended = subprocess.run(command, capture_output=True, text=True, env=environment())
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert len(ended.stderr.strip().splitlines()[-1].split(". ")) == 1
    assert str(tmp_path / "none") in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no signal to one process")
def test_ctrl_c_ends_the_wait_for_a_model_at_once():
    nobody = {"ENGINE_URL": "http://127.0.0.1:1/v1", "ENGINE_START_SECONDS": "3600"}
    command = [sys.executable, "-m", "inference", "ocr", SQUARE]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment() | nobody) as waiting:
        assert b"Waiting for a model server" in waiting.stderr.readline()
        waiting.send_signal(signal.SIGINT)
        try:
            assert waiting.wait(60) == 130
        finally:
            waiting.kill()


def test_help_is_quick_for_it_loads_no_model():
    code = "import sys, inference.__main__; print(sys.modules.keys() & {'torch', 'numpy'})"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment()
    )
    assert ended.stdout == "set()\n"


def test_the_check_prints_a_report_to_paste(capsys):
    assert main(["check"]) == 1  # untrained weights read nothing
    report = capsys.readouterr().out.strip().splitlines()
    assert report[0] == "```text"
    assert report[-1] == "```"
    text = "\n".join(report)
    for part in (
        "model ",
        "weights ",
        "device ",
        "path       plain",
        "versions ",
        "loading ",
        "memory ",
        "Read a cover: missing",
    ):
        assert part in text


def test_a_server_that_counts_no_tokens_has_no_speed():
    nothing_counted = Ending(StopReason.END, 0, 0, 0, 16, 0.0, 0.0, 0.0, prefill=1.0, decode=2.0)
    outcome = check.Outcome(TRIALS[0], "A chart.", nothing_counted)
    assert "0 new tokens at 0.0 a second" in check.report("any", Ground(()), 0.0, [outcome])


def test_the_check_names_the_device_that_was_set_whatever_else_is_there(capsys, monkeypatch):
    monkeypatch.setenv("MODEL_DEVICE", "cpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    main(["check"])
    assert "\ndevice     CPU, " in capsys.readouterr().out


def test_the_small_model_is_checked_on_pictures_that_it_can_know(capsys):
    assert main(["check", "--model", "demo"]) == 0
    report = capsys.readouterr().out
    for title in ("book-cover.png", "scene.png", "landscape.png"):
        assert f"{title}: all words found" in report


def test_the_wordings_of_each_kind_of_model_are_tried_side_by_side(capsys):
    assert main(["check", "--wordings", "--model", "demo"]) == 0
    report = capsys.readouterr().out
    assert report.count("demo and any: 'Describe what is shown in this picture") == 3
    assert report.count("phi3-vision: 'Describe the image") == 3
    assert "all words found; read as refusal" in report  # the landscape, which it does not know


@pytest.mark.skipif(not can_shrink(torch.device("cpu")), reason="no small weights here")
def test_a_model_is_tried_in_two_kinds_of_weights_side_by_side(capsys):
    assert main(["check", "--weights", "full,int8", "--model", "demo"]) == 0
    report = capsys.readouterr().out
    assert report.count("  full: all words found") == 3
    assert report.count("  int8: all words found") == 3


def test_smaller_weights_that_miss_another_word_have_lost_one(capsys, monkeypatch):
    chart, *rest = (" ".join(trial.words) for trial in TRIALS)
    engines = iter(engine_that_says(chart.replace(word, ""), *rest) for word in ("2024", "115.2"))
    monkeypatch.setattr("inference.commands.weights.load_with_progress", lambda _: next(engines))
    assert main(["check", "--weights", "full,int8"]) == 1
    report = capsys.readouterr().out
    assert "full: missing: 2024" in report
    assert "int8: missing: 115.2" in report


def test_the_real_model_is_tried_at_a_table_a_text_and_a_comparison():
    trials = wording_trials_for(EngineSettings(source="microsoft/Phi-3.5-vision-instruct"))
    assert [trial.task for trial in trials] == ["table", "ocr", "compare"]
    assert all(trial.draw() and trial.words for trial in trials)
    assert trials[0].missing_in("Year,Value\n2021,10.6\n2022,15.0\n2023,47.5\n2024,115.2") == []


def environment():
    return os.environ | {"PYTHONPATH": str(FOLDER.parents[1])}
