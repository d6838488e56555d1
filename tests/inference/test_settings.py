"""A wrong setting ends the start with one sentence."""

import pytest

from inference import EngineSettings, Limits, RemoteSettings, SettingsError, read_settings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_the_newer_model_runs_where_it_can():
    settings = read_settings(EngineSettings)
    assert settings.source == "microsoft/Phi-3.5-vision-instruct"
    assert (settings.device, settings.dtype, settings.attention) == ("auto", "auto", "auto")


def test_the_environment_goes_before_the_file(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("MODEL_SOURCE=from-file\nMODEL_DTYPE=float32\n")
    monkeypatch.setenv("MODEL_SOURCE", "from-environment")
    settings = read_settings(EngineSettings)
    assert (settings.source, settings.dtype) == ("from-environment", "float32")


def test_what_is_given_goes_before_the_environment(monkeypatch):
    monkeypatch.setenv("MODEL_SOURCE", "from-environment")
    monkeypatch.setenv("MODEL_DTYPE", "float32")
    settings = read_settings(EngineSettings, source="demo")
    assert (settings.source, settings.dtype) == ("demo", "float32")


def test_a_wrong_value_is_one_sentence_with_an_example(monkeypatch):
    monkeypatch.setenv("MODEL_DTYPE", "float64")
    with pytest.raises(SettingsError) as caught:
        read_settings(EngineSettings)
    sentence = str(caught.value)
    assert sentence.startswith("MODEL_DTYPE is wrong: ")
    assert sentence.endswith("; for example MODEL_DTYPE=bfloat16.")
    assert "\n" not in sentence


def test_known_models_are_pinned_and_another_commit_can_be_set(monkeypatch):
    assert read_settings(EngineSettings).pinned_revision.startswith("12b77fb4")
    monkeypatch.setenv("MODEL_REVISION", "main")
    assert read_settings(EngineSettings).pinned_revision == "main"
    monkeypatch.delenv("MODEL_REVISION")
    monkeypatch.setenv("MODEL_SOURCE", "somebody/a-fine-tune")
    assert read_settings(EngineSettings).pinned_revision is None


def test_a_model_is_named_by_the_last_part_of_its_source():
    names = {
        "microsoft/Phi-3.5-vision-instruct": "Phi-3.5-vision-instruct",
        "/models/my-phi/": "my-phi",
        "demo": "small demo model",
    }
    assert {source: EngineSettings(source=source).model_name for source in names} == names


def test_memory_may_be_written_as_people_write_it(monkeypatch):
    monkeypatch.setenv("ENGINE_FEATURE_BYTES", "2GiB")
    assert read_settings(Limits).feature_bytes == 2 * 2**30


@pytest.mark.parametrize(
    ("name", "value", "fault", "example"),
    [
        ("CONTEXT", "100", "input should be greater than or equal to 256", "4096"),
        ("FEATURE_BYTES", "MiB", "input should be a number with a point, and a unit", "512MiB"),
        ("FEATURE_BYTES", "1,5GiB", "input should be a number with a point, and a unit", "512MiB"),
        ("FEATURE_BYTES", "1 heap", "could not interpret byte unit: heap", "512MiB"),
        ("STEP_SECONDS", "inf", "input should be less than or equal to 4000000", "300"),
        ("RELEASE_AFTER", "1e9", "input should be less than or equal to 66666", "30"),
        ("MOST_AT_ONCE", "0", "input should be greater than or equal to 1", "16"),
    ],
)
def test_a_limit_that_makes_no_sense_is_one_sentence(monkeypatch, name, value, fault, example):
    monkeypatch.setenv(f"ENGINE_{name}", value)
    with pytest.raises(SettingsError) as caught:
        read_settings(Limits)
    sentence = f"ENGINE_{name} is wrong: {fault}; for example ENGINE_{name}={example}."
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("name", "instead"),
    [("MOST_SLOTS", "MOST_AT_ONCE"), ("SHORT_SLOT", "exactly the room"), ("LONG_SLOT", "CONTEXT")],
)
def test_a_limit_of_the_slots_is_gone_and_what_took_its_place_is_said(monkeypatch, name, instead):
    monkeypatch.setenv(f"ENGINE_{name}", "4096")
    with pytest.raises(SettingsError, match=f"ENGINE_{name} is gone: .*{instead}"):
        read_settings(Limits)


@pytest.mark.parametrize(
    ("written", "memory"), [("0.5", 0.5), ("12GiB", 12 * 2**30), ("800MB", 800_000_000)]
)
def test_memory_is_a_share_or_bytes(monkeypatch, written, memory):
    monkeypatch.setenv("ENGINE_MEMORY", written)
    assert read_settings(Limits).memory == memory


@pytest.mark.parametrize("written", ["0", "-1", "much", "50%", "12,5GiB"])
def test_memory_that_makes_no_sense_is_one_sentence(monkeypatch, written):
    monkeypatch.setenv("ENGINE_MEMORY", written)
    with pytest.raises(SettingsError, match="ENGINE_MEMORY"):
        read_settings(Limits)


@pytest.mark.parametrize("written", ["{bad", "[1]", "{'top_k': 5}"])
def test_further_fields_that_are_no_json_are_one_sentence(monkeypatch, written):
    monkeypatch.setenv("ENGINE_EXTRA", written)
    with pytest.raises(
        SettingsError, match=r"^ENGINE_EXTRA is wrong: .* for example ENGINE_EXTRA="
    ):
        read_settings(RemoteSettings)


def test_an_address_with_a_password_is_refused_and_not_repeated(monkeypatch):
    monkeypatch.setenv("ENGINE_URL", "http://bob:hunter2@127.0.0.1:8000/v1")
    with pytest.raises(SettingsError, match="ENGINE_URL is wrong: a name or password") as refused:
        read_settings(RemoteSettings)
    assert "hunter2" not in str(refused.value)


def test_further_fields_are_read_from_the_file_too(tmp_path):
    (tmp_path / ".env").write_text("""ENGINE_EXTRA='{"top_k": 5}'\n""")
    assert read_settings(RemoteSettings).extra == {"top_k": 5}
