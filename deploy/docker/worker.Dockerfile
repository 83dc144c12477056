# The processes that touch files of customers: worker-cpu, worker-io, worker-ingest, and worker-gpu with the arguments below.
#   docker build -f deploy/docker/worker.Dockerfile -t framelane-worker .
#   docker build -f deploy/docker/worker.Dockerfile -t framelane-worker:cuda --build-arg ACCELERATOR=cuda --build-arg TORCH_INDEX= .
ARG BASE=debian:12.11-slim

# What apt installs is pinned by the release of Debian, whose security updates are wanted.
# hadolint global ignore=DL3008
FROM ${BASE} AS base
ENV DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8
RUN apt-get update \
    && apt-get upgrade -y \
    && apt-get install -y --no-install-recommends \
       ca-certificates libegl1 libexpat1 libgl1 libglib2.0-0 python3 tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/framelane --shell /usr/sbin/nologin framelane \
    && install -d -m 0700 -o framelane -g framelane /var/lib/framelane

FROM base AS build
# PyTorch for processors; empty for the one from PyPI, which brings CUDA along.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
RUN apt-get update && apt-get install -y --no-install-recommends python3-venv && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/framelane
COPY requirements requirements
RUN python3 -m venv .venv \
    && PIP_EXTRA_INDEX_URL="${TORCH_INDEX}" \
       .venv/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements/worker.txt \
    && .venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps -r requirements/without-dependencies.txt
COPY . .
RUN .venv/bin/python -m compileall -q apps framelane gpu_tasks scripts

FROM base
ARG ACCELERATOR=cpu
COPY --from=build /opt/framelane /opt/framelane
WORKDIR /opt/framelane
# The NVIDIA variables are for its container toolkit, which brings the driver and nvidia-smi; without cards they do nothing.
ENV PATH=/opt/framelane/.venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    FRAMELANE_HOME=/var/lib/framelane \
    FRAMELANE_ACCELERATOR=${ACCELERATOR} \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility,video
USER 10001:10001
VOLUME /var/lib/framelane
# No health check: one that asks over the broker would end workers at work when the broker is away, and a worker that
# hangs loses its lease on the job in any case.
HEALTHCHECK NONE
# tini hands signals on to the process alone, and buries what its children leave behind.
ENTRYPOINT ["tini", "--", "deploy/docker/with-environment"]
CMD ["worker-cpu"]
