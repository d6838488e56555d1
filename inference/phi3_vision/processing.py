"""Prompt and pictures → what the model takes."""

from typing import Any

from transformers import BatchFeature, PreTrainedTokenizerFast, ProcessorMixin
from transformers.image_utils import ImageInput, make_flat_list_of_images

from inference.phi3_vision.chat import CHAT_TEMPLATE, pieces
from inference.phi3_vision.image_processing import Phi3VImageProcessor

MOST_PICTURES = 1000


class Phi3VProcessor(ProcessorMixin):
    """Join the image processor and the tokenizer.

    A prompt says where its pictures go with `<|image_1|>`, `<|image_2|>` and so on, in any order.
    """

    def __init__(
        self,
        image_processor: Any = None,
        tokenizer: Any = None,
        chat_template: str | None = None,
        **_: Any,
    ) -> None:
        self.image_token = "<|image|>"
        self.image_token_id = tokenizer.convert_tokens_to_ids(self.image_token)
        super().__init__(image_processor, tokenizer, chat_template=chat_template or CHAT_TEMPLATE)

    @classmethod
    def _get_arguments_from_pretrained(
        cls, pretrained_model_name_or_path: str, *_: Any, **kwargs: Any
    ) -> list[Any]:
        # The tokenizer class that the checkpoints name, LlamaTokenizer, drops the space token that
        # the model saw after each control token.
        return [
            part.from_pretrained(pretrained_model_name_or_path, **kwargs)
            for part in (Phi3VImageProcessor, PreTrainedTokenizerFast)
        ]

    def __call__(
        self,
        images: ImageInput | list[ImageInput] | None = None,
        text: str | list[str] | None = None,
        videos: None = None,
        audio: None = None,
        *,
        num_crops: int | None = None,
        return_tensors: str | None = None,
        **tokenizer_kwargs: Any,
    ) -> BatchFeature:
        """Prepare one prompt or several; pictures may be listed flat or prompt by prompt.

        A picture is an image, an array, a path or an address. Returns `input_ids`,
        `attention_mask` and, with pictures, `pixel_values` and `image_sizes` in the order in which
        the prompts name the pictures. Raises ValueError where tags and pictures do not match, and
        for videos and sound.
        """
        if videos is not None or audio is not None:
            raise ValueError("The model sees pictures only: neither videos nor sound.")
        prompts = [text] if isinstance(text, str) else list(text or [])
        pictures = []
        if images is not None:
            pictures = make_flat_list_of_images(self.image_processor.fetch_images(images))
        order = _order_of_pictures(prompts, len(pictures))
        pixels: dict[str, Any] = {}
        if order:
            pixels = dict(
                self.image_processor([pictures[index] for index in order], num_crops=num_crops)
            )
            prompts = self._expand(prompts, pixels.pop("num_img_tokens"))
        tokens = self.tokenizer(prompts, **tokenizer_kwargs)
        return BatchFeature({**tokens, **pixels}, tensor_type=return_tensors)

    @property
    def img_tokens(self) -> list[str]:
        """List the tags that name pictures, under the original's name: vLLM asks for them."""
        return [f"<|image_{number}|>" for number in range(1, MOST_PICTURES + 1)]

    def calc_num_image_tokens_from_image_size(self, width: int, height: int) -> int:
        """Count a picture's decoder rows, under the original's name: vLLM asks for them."""
        size = self.image_processor.hd_size(width, height, self.image_processor.num_crops)
        return self.image_processor.num_image_tokens(size.padded_height, size.padded_width)

    def _expand(self, prompts: list[str], counts: list[int]) -> list[str]:
        # The tokenizer puts the first BOS itself.
        rows, bos = iter(counts), self.tokenizer.bos_token
        return [
            "".join(
                self.image_token * next(rows) + bos if isinstance(piece, int) else piece
                for piece in pieces(prompt)
            )
            for prompt in prompts
        ]

    @property
    def model_input_names(self) -> list[str]:
        """Name what the model takes."""
        return [*self.tokenizer.model_input_names, *self.image_processor.model_input_names]


def _order_of_pictures(prompts: list[str], count: int) -> list[int]:
    order: list[int] = []
    for prompt in prompts:
        tags = [piece for piece in pieces(prompt) if isinstance(piece, int)]
        if sorted(tags) != list(range(1, len(tags) + 1)):
            raise ValueError(
                f"A prompt must name its pictures <|image_1|> to <|image_N|>, each once; "
                f"this one names {tags}."
            )
        first = len(order)
        order += [first + tag - 1 for tag in tags]
    if len(order) != count:
        raise ValueError(f"The prompts name {len(order)} pictures, but {count} were given.")
    return order
