# T-minus: `docker build --tag tminus .`; see docs/running.md. Runs as a user without rights; the project is a volume at /project.
FROM python:3.12-slim
# Debian keeps one version of git at a time, so none is named here.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends git && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home tminus && mkdir /project && chown tminus /project
COPY deploy/requirements.lock /source/deploy/
RUN pip install --no-cache-dir --require-hashes --requirement /source/deploy/requirements.lock
COPY . /source
# hatchling builds the package; it is not needed afterwards.
RUN pip install --no-cache-dir hatchling==1.33.0 editables==0.6 \
    && pip install --no-cache-dir --no-deps --no-build-isolation /source && pip uninstall --yes hatchling editables && rm -rf /source
# A number, so that a cluster can see that it is not root.
USER 10001
WORKDIR /project
# git reads a volume that another user owns only when it is named.
RUN git config --global --add safe.directory /project
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
ENTRYPOINT ["tminus"]
CMD ["app", "--config", "/project/tminus.toml"]
