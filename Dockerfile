# Viva in three stages: the web app, the Python packages with the models, and what is shipped.
# tools/try_dockerfile.py replays these steps in a bare Debian root where there is no container engine.
ARG PYTHON_IMAGE=python:3.13-slim-trixie
ARG NODE_IMAGE=node:24-trixie-slim

FROM ${NODE_IMAGE} AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY web ./
# The page of published accuracy is made of it.
COPY docs/PROCTORING.md /src/docs/PROCTORING.md
RUN npm run build

FROM ${PYTHON_IMAGE} AS packages
RUN python3 -m venv /opt/viva
COPY requirements.lock /srv/viva/
WORKDIR /srv/viva
RUN /opt/viva/bin/pip install --no-cache-dir --no-deps --require-hashes --requirement requirements.lock
COPY pyproject.toml ./
COPY server server
COPY proctoring proctoring
COPY migrations migrations
# By reference, not by copy: the migrations lie beside the packages.
RUN /opt/viva/bin/pip install --no-cache-dir --no-deps --no-build-isolation --editable .
# Pinned by their SHA-256 in proctoring/models.py; no other file is accepted.
RUN /opt/viva/bin/python -m proctoring.models --dir /srv/viva/models

FROM ${PYTHON_IMAGE}
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent viva \
    && install --directory --owner viva --group viva --mode 0700 /var/lib/viva
COPY --from=packages /opt/viva /opt/viva
COPY --from=packages /srv/viva /srv/viva
COPY --from=web /src/web/dist /srv/viva/web/dist
ENV PATH=/opt/viva/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    VIVA_HOST=0.0.0.0 \
    VIVA_PORT=8080 \
    VIVA_DATA_DIR=/var/lib/viva \
    VIVA_MODELS_DIR=/srv/viva/models \
    VIVA_WEB_DIR=/srv/viva/web/dist \
    VIVA_LOG_FORMAT=json
WORKDIR /srv/viva
USER viva
# A build that cannot make a detector fails here and not in an interview.
RUN python -m proctoring.doctor --models /srv/viva/models
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['VIVA_PORT'] + '/readyz', timeout=4)"]
CMD ["viva", "serve"]
