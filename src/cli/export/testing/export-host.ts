import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { tinyTokenizer, writeTokenizer } from "../../../tokens/testing/tiny-tokenizer.ts";
import { createTestHost, type Ran, type TestHost } from "../../testing/test-host.ts";

/** What the tests look at in rows of any format. */
interface Row {
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
  const host = await createTestHost();
  await host.run(["generate", "--model", "offline", "--limit", "14", "--out", "run"]);
  const [run, tokenizer] = [join(host.directory, "run"), join(host.directory, "tiny")];
  await writeTokenizer(tokenizer, tinyTokenizer());
  return { run, tokenizer, directory: host.directory, remove: () => host.remove() };
}

/** A folder of its own from which the shared run is exported. */
export interface ExportHost extends TestHost {
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

export async function createExportHost({ run, tokenizer }: SharedRun): Promise<ExportHost> {
  const host = await createTestHost();
  const read = (name: string): Promise<string> => readFile(join(host.directory, name), "utf8");
  const rowsOf = async (name: string): Promise<readonly Row[]> =>
    (await read(name))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  return {
    ...host,
    exported: (...flags) => host.run(["export", run, ...flags]),
    read,
    write: async (folder, files) => {
      await mkdir(join(host.directory, folder), { recursive: true });
      for (const file of files) {
        const path = join(host.directory, folder, file);
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
