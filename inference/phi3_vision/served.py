"""vLLM's plugin: it serves `phi3_v` by this port's configuration and processor, not remote code.

vLLM finds `register` by the package's entry point, in each of its processes.
"""


def register() -> None:
    """Teach transformers `phi3_v`, and vLLM the architecture as this port saves it.

    The hub's own checkpoints name another one, and keep vLLM's class for it.
    """
    from vllm import ModelRegistry

    import inference.phi3_vision  # noqa: F401 - the import registers it

    ModelRegistry.register_model(
        "Phi3VForConditionalGeneration", "inference.phi3_vision.served_model:ServedPhi3V"
    )
