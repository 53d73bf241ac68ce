import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { NODE } from "../../generation/cluster-files.ts";

const ROOT = new URL("../../../", import.meta.url);

async function instructions(): Promise<readonly string[]> {
  const text = await readFile(new URL("Dockerfile", ROOT), "utf8");
  const lines = text.replace(/\\\n/g, " ").split("\n");
  return lines.filter((line) => line !== "" && !line.startsWith("#"));
}

test("the image is built on a release of Node that is pinned, the one that clusters are given", async () => {
  const bases = (await instructions()).filter((line) => line.startsWith("FROM "));
  expect(bases).toEqual([`FROM node:${NODE}-bookworm-slim AS build`, `FROM node:${NODE}-bookworm-slim`]);
});

test("nobody is root in it, and it holds no secret", async () => {
  const lines = await instructions();
  const users = lines.filter((line) => line.startsWith("USER "));
  expect(users).toEqual(["USER 1000:1000"]);
  expect(lines.indexOf("USER 1000:1000")).toBeGreaterThan(lines.findLastIndex((line) => /^RUN /.test(line)));
  expect(lines.join("\n")).not.toMatch(/^(ARG|ENV|ADD)\b|KEY|TOKEN|SECRET|PASSWORD/im);
  const ignored = (await readFile(new URL(".dockerignore", ROOT), "utf8")).split("\n");
  expect(ignored).toEqual(expect.arrayContaining([".env", ".env.*", ".git", "node_modules", "runs"]));
});
