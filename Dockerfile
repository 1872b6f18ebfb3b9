FROM python:3.11-slim
WORKDIR /site
RUN pip install --no-cache-dir "uv>=0.9,<1"
COPY requirements.lock .
RUN uv pip sync --system --require-hashes requirements.lock
COPY . .
RUN useradd --system waymark && mkdir -p /var/waymark && chown waymark /var/waymark
USER waymark
