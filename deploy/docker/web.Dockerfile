# The web, and the processes that touch no pixels: worker-webhooks, beat and flower.
#   docker build -f deploy/docker/web.Dockerfile -t framelane-web .
ARG BASE=debian:12.11-slim

# What apt installs is pinned by the release of Debian, whose security updates are wanted.
# hadolint global ignore=DL3008
FROM ${BASE} AS base
ENV DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8
RUN apt-get update \
    && apt-get upgrade -y \
    && apt-get install -y --no-install-recommends ca-certificates python3 tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/framelane --shell /usr/sbin/nologin framelane \
    && install -d -m 0700 -o framelane -g framelane /var/lib/framelane

FROM base AS build
RUN apt-get update && apt-get install -y --no-install-recommends python3-venv && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/framelane
COPY requirements requirements
RUN python3 -m venv .venv \
    && .venv/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements/base.txt
COPY . .
RUN .venv/bin/python -m compileall -q apps framelane gpu_tasks scripts \
    && FRAMELANE_ENV=production FRAMELANE_HOME=/tmp/build FRAMELANE_STATIC_ROOT=/opt/framelane/collected \
       .venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf /tmp/build

FROM base
COPY --from=build /opt/framelane /opt/framelane
WORKDIR /opt/framelane
ENV PATH=/opt/framelane/.venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    FRAMELANE_HOME=/var/lib/framelane \
    FRAMELANE_STATIC_ROOT=/opt/framelane/collected \
    HOST=0.0.0.0 \
    PORT=8000 \
    FLOWER_HOST=0.0.0.0
USER 10001:10001
VOLUME /var/lib/framelane
EXPOSE 8000
# Of the web alone; other processes of this image switch it off.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-m", "scripts.healthy"]
# tini hands signals on to the process alone, and buries what its children leave behind.
ENTRYPOINT ["tini", "--", "deploy/docker/with-environment"]
CMD ["web"]
