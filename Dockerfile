# The program in a container, for clusters: docs/clusters.md.
#   docker build -t agentrefine:0.1.0 .
FROM node:24.18.1-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24.18.1-bookworm-slim
WORKDIR /opt/agentrefine
COPY --from=build /src/package.json /src/LICENSE /src/README.md /src/CHANGELOG.md ./
COPY --from=build /src/docs ./docs
COPY --from=build /src/data ./data
COPY --from=build /src/node_modules ./node_modules
COPY --from=build /src/dist ./dist
RUN ln -s /opt/agentrefine/dist/cli/main.js /usr/local/bin/agentrefine \
  && chmod 755 dist/cli/main.js \
  && mkdir /data && chown 1000:1000 /data
# By number, so that Kubernetes can tell that it is not root.
USER 1000:1000
WORKDIR /data
ENTRYPOINT ["agentrefine"]
CMD ["help"]
