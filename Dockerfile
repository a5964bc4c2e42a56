# The product in a container: the packages of requirements.txt by their hashes, and nobody's rights but its own.
# Web, workers, scheduler and set-up are the same image with other commands; see compose.yaml.
FROM python:3.11-slim-bookworm AS packages
WORKDIR /packages
COPY requirements.txt .
RUN python -m venv /product/.venv \
    && /product/.venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary=:all: \
        -r requirements.txt

FROM python:3.11-slim-bookworm
ENV PATH=/product/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/var/lib/rig-ledger
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin rigs \
    && install --directory --owner=rigs --group=rigs /var/lib/rig-ledger
WORKDIR /product
COPY --from=packages /product/.venv .venv
COPY manage.py ./
COPY config config
COPY fleet fleet
COPY keeping keeping
COPY ledger ledger
COPY risk risk
COPY vendors vendors
COPY samples samples
COPY static static
COPY templates templates
USER rigs
VOLUME /var/lib/rig-ledger
EXPOSE 8000
# Of the web process, which is what this image does when nothing else is asked of it; compose.yaml has others.
HEALTHCHECK --interval=10s --timeout=6s --start-period=20s --retries=6 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/live', timeout=5)"]
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--no-control-socket"]
