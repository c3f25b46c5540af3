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
COPY config/*.example.yaml /usr/local/share/arsring/
USER 10001
WORKDIR /var/lib/arsring
ENV HOME=/var/lib/arsring \
    ARSRING_DATA_DIR=/var/lib/arsring \
    ARSRING_WEB_LISTEN=0.0.0.0:8080
VOLUME ["/var/lib/arsring"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /livez HTTP/1.0\\r\\nHost: 127.0.0.1\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["/usr/local/bin/arsring"]
CMD ["run"]
