# The whole product in one image; docker-compose.yml starts it as web, worker, trainer and beat.
FROM python:3.13-slim AS build
WORKDIR /app
# The same set-up as `make run`, with only what it reads, so that this layer lasts
COPY requirements.txt requirements.lock package.json package-lock.json .npmrc ./
COPY crm/broker.py crm/
COPY crm/setup crm/setup
COPY static static
RUN python crm/setup kit && rm -rf node_modules
COPY . .
RUN SECRET_KEY=for-this-step-only VAR_DIR=/tmp/var STATIC_ROOT=/app/staticfiles \
    .venv/bin/python -m crm.setup.inside static

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home perennial \
    && install --directory --owner perennial /var/lib/perennial
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY . .
COPY --from=build /app/static/vendor static/vendor
COPY --from=build /app/staticfiles staticfiles
ENV PATH=/app/.venv/bin:$PATH \
    HOST=0.0.0.0 \
    LOG_FORMAT=json \
    PERENNIAL_IMAGE=1 \
    PORT=8000 \
    PYTHONUNBUFFERED=1 \
    STATIC_ROOT=/app/staticfiles \
    VAR_DIR=/var/lib/perennial
USER perennial
VOLUME /var/lib/perennial
EXPOSE 8000
CMD ["gunicorn", "crm.wsgi", "--config", "crm/gunicorn.py"]
