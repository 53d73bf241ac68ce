import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from "vitest";
import type { TemplateName } from "../tokens/template.ts";
import { loadConfig, requirePointed, withDotEnv } from "./load-config.ts";
import type { TEMPLATE_NAMES } from "./settings.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "agentrefine-config-"));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

function write(name: string, text: string): Promise<void> {
  return writeFile(join(directory, name), text);
}

describe("the config file", () => {
  test("is TypeScript that imports from this package, which need not be installed", async () => {
    await write(
      "agentrefine.config.ts",
      `import { defineConfig } from "agentrefine";
       const seed: number = 3;
       export default defineConfig({ generate: { seed, model: "offline" } });`,
    );
    expect(await loadConfig(directory)).toEqual({ generate: { seed: 3, model: "offline" } });
  });

  test("may import a file of the user's own", async () => {
    await write("shared.ts", "export const seed: number = 5;");
    await write(
      "agentrefine.config.ts",
      'import { seed } from "./shared.ts"; export default { generate: { seed } };',
    );
    expect(await loadConfig(directory)).toEqual({ generate: { seed: 5 } });
  });

  test("is JavaScript or JSON as well, or another file that is named", async () => {
    await write("agentrefine.config.json", '{"export":{"format":"trajectories"}}');
    expect(await loadConfig(directory)).toEqual({ export: { format: "trajectories" } });
    await write("agentrefine.config.js", "export default { generate: { limit: 2 } };");
    expect(await loadConfig(directory)).toEqual({ generate: { limit: 2 } });
    await write("other.json", '{"generate":{"limit":9}}');
    expect(await loadConfig(directory, "other.json")).toEqual({ generate: { limit: 9 } });
  });

  test("need not be there, unless it is named", async () => {
    expect(await loadConfig(directory)).toEqual({});
    await expect(loadConfig(directory, "nope.ts")).rejects.toThrow(/there is no config file .*nope\.ts/);
  });

  test.each([
    ['{"generate":{"max-calls":4}}', 'there is no setting "generate.max-calls"; did you mean "maxCalls"?'],
    ['{"generate":{"modle":"x"}}', 'there is no setting "generate.modle"; did you mean "model"?'],
    ['{"generat":{}}', 'there is no setting "generat"; did you mean "generate"?'],
    ['{"export":{"xyz":1}}', 'there is no setting "export.xyz"; the keys are format'],
    ['{"generate":{"maxCalls":1}}', '"generate.maxCalls"'],
    ['{"generate":{"seed":"x"}}', '"generate.seed"'],
    ["{", "cannot be loaded"],
    ["null", "has no default export"],
  ])("says what is wrong with %s", async (text, words) => {
    await write("agentrefine.config.json", text);
    await expect(loadConfig(directory)).rejects.toThrow(words);
  });

  test("that does not compile is told in one line", async () => {
    await write("agentrefine.config.ts", "export default {{{");
    await expect(loadConfig(directory)).rejects.toThrow(/agentrefine\.config\.ts cannot be loaded: [^\n]+$/);
  });

  test("knows every template of the exports", () => {
    expectTypeOf<(typeof TEMPLATE_NAMES)[number]>().toEqualTypeOf<TemplateName>();
  });
});

test("a config file that was found does not say alone where a key of the environment goes", async () => {
  await write("agentrefine.config.json", "{}");
  const around = { env: { AGENTREFINE_API_KEY: "sk-1", MY_KEY: "sk-2" }, directory };
  const [baseUrl, apiKeyEnv] = ["https://example.com/v1", "MY_KEY"];
  await expect(requirePointed({ baseUrl }, {}, around)).rejects.toThrow(
    "agentrefine.config.json sends the key in AGENTREFINE_API_KEY to https://example.com/v1",
  );
  const writers = { a: { baseUrl, apiKeyEnv } };
  for (const file of [{ baseUrl, apiKeyEnv }, { writers }])
    await expect(requirePointed(file, {}, around)).rejects.toThrow("sends the key in MY_KEY");
  for (const flags of [{ baseUrl }, { apiKeyEnv }, { config: "agentrefine.config.json" }])
    await requirePointed({ baseUrl, apiKeyEnv }, flags, around);
  await requirePointed({ writers }, { writers: { a: { apiKeyEnv } } }, around);
  // A key in the folder's own .env, a provider's own key, a server of this machine, and no server at all.
  await requirePointed({ baseUrl, apiKeyEnv }, {}, { env: {}, directory });
  await requirePointed({ baseUrl: "https://api.openai.com/v1", apiKeyEnv: "OPENAI_API_KEY" }, {}, around);
  await requirePointed({ baseUrl: "http://localhost:8000/v1" }, {}, around);
  await requirePointed({ apiKeyEnv }, {}, around);
});

describe(".env", () => {
  test("adds variables and goes over none", async () => {
    await write(".env", "A=from file\nB='two words' # comment\n");
    expect(await withDotEnv({ A: "set" }, directory)).toEqual({ A: "set", B: "two words" });
  });

  test("may begin with a byte order mark, as Windows' editors write it", async () => {
    await write(".env", "\uFEFFA=from file\n");
    expect(await withDotEnv({}, directory)).toEqual({ A: "from file" });
  });

  test("need not be there", async () => {
    expect(await withDotEnv({ A: "set" }, directory)).toEqual({ A: "set" });
  });
});
