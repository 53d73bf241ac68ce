import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AgentRefineError, storageError, systemErrorCode } from "../errors.ts";

/** A field of a value read from JSON; undefined when the value is no object or does not have it of its own. */
export function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
}

/** A value read from JSON as a list; an empty one when it is none. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What is used of a local Hugging Face tokenizer folder. */
export interface TokenizerFolder {
  readonly path: string;
  readonly tokenizer: object;
  readonly config: object;
  readonly bosToken: string | undefined;
  readonly eosToken: string | undefined;
  /** The Jinja text of the folder's own chat template: of `chat_template.jinja`, else of the configuration. */
  readonly chatTemplate: string | undefined;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw storageError(error, "read", path);
  }
}

async function readObject(folder: string, name: string): Promise<object> {
  const path = join(folder, name);
  const text = await readText(path);
  if (text === undefined) {
    throw new AgentRefineError(`${folder} is not a tokenizer folder: there is no ${name}`, {
      fix: "Give a folder with the tokenizer.json and tokenizer_config.json of a Hugging Face model.",
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AgentRefineError(`${path} is not JSON`, { fix: "Copy the file again.", cause: error });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new AgentRefineError(`${path} does not hold a JSON object`, { fix: "Copy the file again." });
}

/** The text of a token in a configuration, where it stands as a text or as an object with `content`. */
function tokenText(config: object, key: string): string | undefined {
  const value = field(config, key);
  const content = typeof value === "string" ? value : field(value, "content");
  return typeof content === "string" ? content : undefined;
}

/**
 * The chat template of a configuration: a text, or a list of templates with names, of which Hugging Face's own library
 * takes the one called `default` when none is asked for.
 */
function templateOf(config: object, path: string): string | undefined {
  const value = field(config, "chat_template");
  if (!Array.isArray(value)) return tokenText(config, "chat_template");
  const named = value.map((each) => [field(each, "name"), field(each, "template")] as const);
  const text = named.find(([name]) => name === "default")?.[1];
  if (typeof text === "string") return text;
  const names = named.map(([name]) => `${name}`).join(", ");
  throw new AgentRefineError(`${path} has several chat templates (${names}), and none is called default`, {
    fix: "Write the one to train with into a chat_template.jinja beside tokenizer.json.",
  });
}

/**
 * Reads a tokenizer folder. Nothing is fetched from anywhere.
 *
 * @throws AgentRefineError when the folder or one of its files is not what it should be
 */
export async function readTokenizerFolder(path: string): Promise<TokenizerFolder> {
  const tokenizer = await readObject(path, "tokenizer.json");
  const config = await readObject(path, "tokenizer_config.json");
  const template = (await readText(join(path, "chat_template.jinja"))) ?? templateOf(config, path);
  return {
    path,
    tokenizer,
    config,
    bosToken: tokenText(config, "bos_token"),
    eosToken: tokenText(config, "eos_token"),
    chatTemplate: template,
  };
}

/** The highest id that a tokenizer gives; -1 when it has no tokens. */
export function highestTokenId({ tokenizer }: TokenizerFolder): number {
  const vocabulary = field(field(tokenizer, "model"), "vocab");
  // Unigram models have a list, in which a token's id is its place.
  const ids = Array.isArray(vocabulary) ? [vocabulary.length - 1] : Object.values(vocabulary ?? {});
  const added = list(field(tokenizer, "added_tokens")).map((token) => field(token, "id"));
  return [...ids, ...added].reduce<number>(
    (highest, id) => (typeof id === "number" && id > highest ? id : highest),
    -1,
  );
}

/**
 * The first 16 hexadecimal digits of the SHA-256 of a folder's `tokenizer.json`, by which data can be matched with it.
 */
export async function tokenizerHash(path: string): Promise<string> {
  const file = join(path, "tokenizer.json");
  try {
    return createHash("sha256")
      .update(await readFile(file))
      .digest("hex")
      .slice(0, 16);
  } catch (error) {
    throw storageError(error, "read", file);
  }
}
