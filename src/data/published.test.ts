import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cacheHome, dataFolder, MANIFEST_FILE } from "./cache.ts";
import { DATA_SETS } from "./data-sets.ts";
import { javaExecutable, publishedFolder } from "./published.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "agentrefine-home-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function putManifest(name: "java" | "zork", version: string): Promise<string> {
  const folder = dataFolder(name, { AGENTREFINE_HOME: home });
  const about = { format: 1, name, version, licence: "MIT", sources: [], fetchedAt: "", files: [] };
  await put(join(folder, MANIFEST_FILE), JSON.stringify(about));
  return folder;
}

test("the cache is AGENTREFINE_HOME, else a folder of the platform's", () => {
  expect(cacheHome({ AGENTREFINE_HOME: "/a", XDG_CACHE_HOME: "/b" }, "linux")).toBe("/a");
  expect(cacheHome({ XDG_CACHE_HOME: "/b" }, "linux")).toBe("/b/agentrefine");
  expect(cacheHome({ AGENTREFINE_HOME: "" }, "linux")).toMatch(/\/\.cache\/agentrefine$/);
  expect(cacheHome({}, "darwin")).toMatch(/\/Library\/Caches\/agentrefine$/);
  expect(cacheHome({ LOCALAPPDATA: "/local" }, "win32")).toBe("/local/agentrefine");
});

test("a data set is there when its folder says that it is whole and of the version that is wanted", async () => {
  const env = { AGENTREFINE_HOME: home };
  expect(await publishedFolder("zork", env)).toBeUndefined();
  const folder = await putManifest("zork", "of long ago");
  expect(await publishedFolder("zork", env)).toBeUndefined();
  await putManifest("zork", DATA_SETS.zork.version);
  expect(await publishedFolder("zork", env)).toBe(folder);
  await put(join(folder, MANIFEST_FILE), "{");
  expect(await publishedFolder("zork", env)).toBeUndefined();
});

test("a variable goes before the cache, and one that names no folder is told", async () => {
  expect(await publishedFolder("alfworld", { ALFWORLD_DATA: home })).toBe(home);
  await expect(publishedFolder("alfworld", { ALFWORLD_DATA: join(home, "none") })).rejects.toMatchObject({
    message: `ALFWORLD_DATA is ${join(home, "none")}, which is no folder`,
    fix: "Correct it, or unset it. Run `agentrefine data get alfworld`.",
  });
});

test.skipIf(process.platform === "win32")("java is JAVA_HOME's, PATH's, or the fetched one", async () => {
  const env = { AGENTREFINE_HOME: home, PATH: join(home, "path") };
  expect(await javaExecutable(env)).toBeUndefined();
  const folder = await putManifest("java", DATA_SETS.java.version);
  expect(await javaExecutable(env)).toBe(join(folder, "bin", "java"));
  const onPath = join(home, "path", "java");
  await put(onPath, "");
  expect(await javaExecutable(env)).toBe(join(folder, "bin", "java"));
  await chmod(onPath, 0o755);
  expect(await javaExecutable(env)).toBe(onPath);
  const ofHome = join(home, "jdk", "bin", "java");
  await put(ofHome, "");
  await chmod(ofHome, 0o755);
  expect(await javaExecutable({ ...env, JAVA_HOME: join(home, "jdk") })).toBe(ofHome);
});
