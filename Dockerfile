# Three images of one source; `compose.yaml` builds them.
#   gpu     the bot with the model in its own process, on an NVIDIA card
#   remote  the bot without PyTorch, for a model that vLLM serves
#   vllm    vLLM with this project's plugin, so that it needs no remote code
FROM python:3.12-slim AS base
RUN useradd --create-home --uid 10001 phi \
    && install -d -o phi -g phi /data /models
WORKDIR /opt/phi
ENV BOT_DATA=/data HF_HOME=/models PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY pyproject.toml README.md LICENSE constraints.txt requirements-remote.txt ./
COPY bot bot
COPY inference inference
VOLUME ["/data", "/models"]
HEALTHCHECK --start-period=20m --interval=30s --timeout=10s \
    CMD ["python", "-m", "bot", "status", "--ready"]

FROM base AS remote
RUN pip install --no-cache-dir -r requirements-remote.txt \
    && pip install --no-cache-dir --no-deps .
USER 10001
CMD ["python", "-m", "bot"]

FROM base AS gpu
# For Triton, which compiles the products with small weights at the first start, and runs them from
# its cache: from Docker's tmpfs nothing may be run.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
ENV TRITON_CACHE_DIR=/models/triton
RUN pip install --no-cache-dir -c constraints.txt .
USER 10001
CMD ["python", "-m", "bot"]

FROM vllm/vllm-openai:v0.32.0 AS vllm
COPY pyproject.toml README.md LICENSE /opt/phi/
COPY bot /opt/phi/bot
COPY inference /opt/phi/inference
RUN pip install --no-cache-dir --no-deps /opt/phi
