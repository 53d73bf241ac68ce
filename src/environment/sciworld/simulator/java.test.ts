import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findJar, javaCommand } from "./java.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-jar-"));
  await writeFile(join(folder, "scienceworld.jar"), "not the jar");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the jar", () => {
  const named = (name: string) => ({ AGENTREFINE_SCIENCEWORLD: join(folder, name) });

  test("that was fetched must be a known one", async () => {
    await expect(findJar(folder, {})).rejects.toThrow("neither ScienceWorld 1.2.2 nor 1.1.3");
  });

  test.each(["", "scienceworld.jar"])(
    "that is named by hand may be any, by its folder or file",
    async (name) => {
      const jar = await findJar(undefined, named(name));
      expect(jar).toMatchObject({ path: join(folder, "scienceworld.jar"), version: undefined });
      expect(jar?.sha256).toMatch(/^[0-9a-f]{64}$/);
    },
  );

  test("is looked for nowhere else", async () => {
    expect(await findJar(undefined, {})).toBeUndefined();
    await expect(findJar(folder, named("none.jar"))).rejects.toThrow(/^cannot read .*none\.jar: there is no/);
  });
});

describe.skipIf(process.platform === "win32")("the Java", () => {
  const java = async (script: string): Promise<string> => {
    const path = join(folder, "java");
    await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return path;
  };

  test("that takes all options is reproducible", async () => {
    const { options, isReproducible } = await javaCommand(await java("exit 0"), "a.jar");
    expect(isReproducible).toBe(true);
    expect(options).toEqual([
      ...["-XX:+UseSerialGC", "-Xmx128m", "-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=2"],
      ...["-cp", "a.jar", "py4j.GatewayServer", "--die-on-broken-pipe", "0"],
    ]);
  });

  test("that takes no such options is run plainly", async () => {
    const command = await javaCommand(await java('case "$*" in *XX*) exit 1;; esac'), "a.jar");
    expect(command).toMatchObject({ isReproducible: false });
    expect(command.options.slice(0, 2)).toEqual(["-Xmx128m", "-cp"]);
  });

  test("that does not run at all is told of in one line", async () => {
    const command = javaCommand(await java("echo no libjvm >&2; exit 1"), "a.jar");
    await expect(command).rejects.toThrow(/java does not run: no libjvm$/);
  });
});
