# The image of worker and exporter: one stage builds the environment, the other carries nothing but it.
FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/cxpulse
ENV PATH=/opt/cxpulse/bin:$PATH
COPY requirements/run.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY schemas schemas
COPY processor processor
RUN pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --no-create-home cxpulse
COPY --from=build /opt/cxpulse /opt/cxpulse
ENV PATH=/opt/cxpulse/bin:$PATH PYTHONUNBUFFERED=1
USER 10001
ENTRYPOINT ["cxpulse"]
CMD ["--help"]
