"""Phi-3-vision and Phi-3.5-vision for transformers: once imported, Auto classes know `phi3_v`."""

from transformers import (
    AutoConfig,
    AutoModelForImageTextToText,
    AutoProcessor,
    AutoTokenizer,
    PreTrainedTokenizerFast,
)

# transformers' face hides it behind torchvision, which this port does not need.
from transformers.models.auto.image_processing_auto import AutoImageProcessor

from inference.phi3_vision.configuration import Phi3VConfig
from inference.phi3_vision.image_processing import Phi3VImageProcessor
from inference.phi3_vision.modeling import Phi3VForConditionalGeneration, Phi3VModel
from inference.phi3_vision.processing import Phi3VProcessor

__all__ = [
    "Phi3VConfig",
    "Phi3VForConditionalGeneration",
    "Phi3VImageProcessor",
    "Phi3VModel",
    "Phi3VProcessor",
]

AutoConfig.register("phi3_v", Phi3VConfig, exist_ok=True)
AutoImageProcessor.register(Phi3VConfig, Phi3VImageProcessor, exist_ok=True)
AutoTokenizer.register(Phi3VConfig, fast_tokenizer_class=PreTrainedTokenizerFast, exist_ok=True)
AutoProcessor.register(Phi3VConfig, Phi3VProcessor, exist_ok=True)
AutoModelForImageTextToText.register(Phi3VConfig, Phi3VForConditionalGeneration, exist_ok=True)
