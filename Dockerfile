FROM python:3.12-slim AS build
RUN python -m venv /venv
COPY requirements.lock .
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

FROM python:3.12-slim
WORKDIR /app
# What names on charts are written in: the image has no fonts. The last has right-to-left names read so.
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-dejavu-core fonts-wqy-microhei libfribidi0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin animatic \
    && install -d -o animatic -g animatic /app/data
COPY --from=build /venv /venv
COPY bot bot
COPY cogs cogs
# 0.0.0.0 is inside the container: nothing outside sees it until a port is published.
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HTTP_HOST=0.0.0.0
USER animatic
VOLUME /app/data
# http.client, because urllib.request would ask a proxy that the environment names.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; bot = http.client.HTTPConnection('127.0.0.1', int(os.getenv('HTTP_PORT') or 8080), timeout=8); bot.request('GET', '/healthz'); sys.exit(bot.getresponse().status != 200)"]
CMD ["python", "-m", "bot"]
