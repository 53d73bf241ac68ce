import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { tinyTokenizer, writeTokenizer } from "../../../tuning/testing/tiny-tokenizer.ts";
import { createTestWorld, type Ran, type TestWorld } from "../../testing/test-world.ts";

/** What the tests look at in rows of any format. */
export interface Row {
  readonly id: string;
  readonly messages: readonly { readonly train?: boolean }[];
  readonly labels: readonly number[];
}

/** A finished run of the offline author and a tokenizer, which tests only read. */
export interface SharedRun {
  readonly run: string;
  readonly tokenizer: string;
  readonly directory: string;
  remove(): Promise<void>;
}

export async function createSharedRun(): Promise<SharedRun> {
  const world = await createTestWorld();
  await world.run(["generate", "--model", "offline", "--limit", "14", "--out", "run"]);
  const [run, tokenizer] = [join(world.directory, "run"), join(world.directory, "tiny")];
  await writeTokenizer(tokenizer, tinyTokenizer());
  return { run, tokenizer, directory: world.directory, remove: () => world.remove() };
}

/** A folder of its own from which the shared run is exported. */
export interface ExportWorld extends TestWorld {
  exported(...flags: readonly string[]): Promise<Ran>;
  read(name: string): Promise<string>;
  /** Makes a folder with files in it that hold the word "mine". */
  write(folder: string, files: readonly string[]): Promise<void>;
  rowsOf(name: string): Promise<readonly Row[]>;
  /** The mask of each row of `messages`: the assistant's turns in order. */
  masks(name: string): Promise<readonly (readonly boolean[])[]>;
  /** The flags of a tokenised format. */
  readonly tokens: readonly string[];
}

export async function createExportWorld({ run, tokenizer }: SharedRun): Promise<ExportWorld> {
  const world = await createTestWorld();
  const read = (name: string): Promise<string> => readFile(join(world.directory, name), "utf8");
  const rowsOf = async (name: string): Promise<readonly Row[]> =>
    (await read(name))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  return {
    ...world,
    exported: (...flags) => world.run(["export", run, ...flags]),
    read,
    write: async (folder, files) => {
      await mkdir(join(world.directory, folder), { recursive: true });
      for (const file of files) {
        const path = join(world.directory, folder, file);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, "mine");
      }
    },
    rowsOf,
    masks: async (name) =>
      (await rowsOf(name)).map(({ messages }) =>
        messages.flatMap(({ train }) => (train === undefined ? [] : [train])),
      ),
    tokens: ["--tokenizer", tokenizer, "--template", "llama3"],
  };
}
