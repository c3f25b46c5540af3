FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=unknown
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X main.released=${VERSION}" -o /out/arsring ./cmd/arsring

FROM debian:bookworm-slim
COPY .ci/tools.sh /usr/local/share/arsring/tools.sh
RUN ARSRING_TOOLS=/tmp/tools bash /usr/local/share/arsring/tools.sh chromium fonts \
    && rm -rf /tmp/tools /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/arsring --create-home --shell /usr/sbin/nologin arsring \
    && chmod 0700 /var/lib/arsring
COPY --from=build /out/arsring /usr/local/bin/arsring
COPY config/*.example.yaml config/deploy /usr/local/share/arsring/
USER 10001
WORKDIR /var/lib/arsring
ENV HOME=/var/lib/arsring \
    ARSRING_DATA_DIR=/var/lib/arsring \
    ARSRING_WEB_LISTEN=0.0.0.0:8080
VOLUME ["/var/lib/arsring"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["/usr/local/bin/arsring", "doctor", "--live"]
ENTRYPOINT ["/usr/local/bin/arsring"]
CMD ["run"]
