import { readFile } from "node:fs/promises";

interface Description {
  readonly version: string;
  readonly engines: { readonly node: string };
}

async function description(): Promise<Description> {
  return JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
}

/** The version of this program, from its package.json. */
export async function programVersion(): Promise<string> {
  const { version } = await description();
  return version;
}

/** The first version of Node that will do, such as `20.19`. */
export async function oldestNode(): Promise<string> {
  const { engines } = await description();
  return engines.node.replace(">=", "");
}
