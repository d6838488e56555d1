"""transformers renamed the cache of keys and values: either name is read."""

import pytest
import torch
from transformers import DynamicCache

from inference.phi3_vision.modeling import CACHE

PROMPT = torch.arange(3, 23).view(1, -1)


@torch.inference_mode()
@pytest.mark.parametrize("name", ["cache", "past_key_values"])
@pytest.mark.parametrize("part", ["whole model", "without its head", "decoder"])
def test_a_cache_under_either_name_is_read_and_filled(oracle, name, part):
    model = oracle.model
    part_of_it = {
        "whole model": model,
        "without its head": model.model,
        "decoder": model.model.language_model,
    }[part]
    in_one = part_of_it(input_ids=PROMPT)[0][:, -1]
    cache = DynamicCache(config=model.config)
    first = part_of_it(input_ids=PROMPT[:, :12], **{name: cache}, use_cache=True)
    assert cache.get_seq_length() == 12
    assert first[CACHE] is cache
    then = part_of_it(input_ids=PROMPT[:, 12:], **{name: cache}, use_cache=True)
    assert cache.get_seq_length() == 20
    torch.testing.assert_close(then[0][:, -1], in_one)
