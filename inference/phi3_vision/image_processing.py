"""The HD transform: a picture → one global view and up to `num_crops` crops."""

import math
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F
from transformers.image_processing_utils import BaseImageProcessor, BatchFeature
from transformers.image_utils import ImageInput, make_flat_list_of_images, valid_images

from inference.hd_size import CROP_SIZE, HDSize, hd_size

BILINEAR = Image.Resampling.BILINEAR
WHITE = (255, 255, 255)


class Phi3VImageProcessor(BaseImageProcessor):
    """Turn pictures into tiles, exactly as the original does (EXIF orientation is ignored)."""

    model_input_names = ["pixel_values", "image_sizes"]

    def __init__(
        self,
        num_crops: int = 16,
        image_mean: tuple[float, ...] = (0.48145466, 0.4578275, 0.40821073),
        image_std: tuple[float, ...] = (0.26862954, 0.26130258, 0.27577711),
        do_convert_rgb: bool = True,
        num_img_tokens: int = 144,
        crop_size: int = CROP_SIZE,
        max_crops: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.num_crops = _at_least_one(num_crops)
        self.image_mean = list(image_mean)
        self.image_std = list(image_std)
        self.do_convert_rgb = do_convert_rgb
        self.num_img_tokens = num_img_tokens
        self.crop_size = crop_size
        self.max_crops = max_crops

    def hd_size(self, width: int, height: int, num_crops: int) -> HDSize:
        """Lay a picture out on as many crops as its shape allows, `num_crops` at most.

        A model that was trained with no more than `max_crops` is given no more.

        Raises PictureTooThinError where a resized side would be 0 pixels.
        """
        num_crops = min(num_crops, self.max_crops or num_crops)
        return hd_size(width, height, num_crops, self.crop_size)

    def num_image_tokens(self, padded_height: int, padded_width: int) -> int:
        """Count the decoder rows of a picture laid out on crops: separators included."""
        rows, columns = padded_height // self.crop_size, padded_width // self.crop_size
        side = math.isqrt(self.num_img_tokens)
        return (rows * columns + 1) * self.num_img_tokens + 1 + (rows + 1) * side

    def resize_and_pad(self, image: Image.Image, num_crops: int) -> Image.Image:
        """Resize bilinearly to the HD size and centre on white."""
        if image.width < image.height:  # on its side: Pillow's two passes do not commute
            on_its_side = image.transpose(Image.Transpose.TRANSPOSE)
            return self.resize_and_pad(on_its_side, num_crops).transpose(Image.Transpose.TRANSPOSE)
        size = self.hd_size(*image.size, num_crops)
        resized = image.resize((size.resized_width, size.resized_height), BILINEAR)
        padded = Image.new("RGB", (size.padded_width, size.padded_height), WHITE)
        padded.paste(resized, (0, (size.padded_height - size.resized_height) // 2))
        return padded

    def tiles(self, image: Image.Image, num_crops: int) -> tuple[torch.Tensor, tuple[int, int]]:
        """Cut a picture into (1 + crops, 3, crop_size, crop_size) float32 tiles, global view first.

        Also returns the padded (height, width) in pixels.
        """
        padded = self.pixels(image, num_crops)
        height, width, _ = padded.shape
        return self.cut(padded), (height, width)

    def pixels(self, image: Image.Image, num_crops: int) -> torch.Tensor:
        """Resize and pad a picture: (height, width, 3) in uint8, which is quickly carried over."""
        if self.do_convert_rgb:
            image = image.convert("RGB")
        return torch.from_numpy(np.array(self.resize_and_pad(image, num_crops)))

    def cut(self, padded: torch.Tensor) -> torch.Tensor:
        """Normalise `pixels` and cut them into tiles, on the device on which they lie."""
        pixels = self._normalise(padded.permute(2, 0, 1))
        size = (self.crop_size, self.crop_size)
        global_view = F.interpolate(pixels[None], size, mode="bicubic", align_corners=False)
        _, height, width = pixels.shape
        crops = (
            pixels.view(3, height // size[0], size[0], width // size[1], size[1])
            .permute(1, 3, 0, 2, 4)
            .reshape(-1, 3, *size)
        )
        return torch.cat([global_view, crops])

    def preprocess(
        self,
        images: ImageInput,
        num_crops: int | None = None,
        return_tensors: str | None = None,
        **_: Any,
    ) -> BatchFeature:
        """Prepare pictures for the model.

        Returns `pixel_values` (pictures, 1 + num_crops, 3, crop_size, crop_size), zeros where a
        picture has fewer crops, `image_sizes` (pictures, 2), padded height and width, and
        `num_img_tokens`, the decoder rows of each picture. Raises ValueError for what is no
        picture, and where `num_crops` is less than 1.
        """
        pictures = make_flat_list_of_images(self.fetch_images(images))
        if not valid_images(pictures):
            raise ValueError("The pictures must be PIL images, arrays or tensors.")
        num_crops = self.num_crops if num_crops is None else _at_least_one(num_crops)
        pixel_values = torch.zeros(len(pictures), 1 + num_crops, 3, self.crop_size, self.crop_size)
        sizes = []
        for padded, picture in zip(pixel_values, pictures, strict=True):
            tiles, size = self.tiles(_as_pil(picture), num_crops)
            padded[: len(tiles)] = tiles
            sizes.append(size)
        features = {
            "pixel_values": pixel_values,
            "image_sizes": torch.tensor(sizes),
            "num_img_tokens": [self.num_image_tokens(*size) for size in sizes],
        }
        return BatchFeature(features, tensor_type=return_tensors)

    def _normalise(self, pixels: torch.Tensor) -> torch.Tensor:
        mean = torch.tensor(self.image_mean, device=pixels.device).view(3, 1, 1)
        std = torch.tensor(self.image_std, device=pixels.device).view(3, 1, 1)
        return pixels.to(torch.float32).div_(255).sub_(mean).div_(std)


def _at_least_one(num_crops: int) -> int:
    if num_crops < 1:
        raise ValueError(f"num_crops is {num_crops}: a picture has at least 1 crop.")
    return num_crops


def _as_pil(picture: Any) -> Image.Image:
    return picture if isinstance(picture, Image.Image) else Image.fromarray(np.asarray(picture))
