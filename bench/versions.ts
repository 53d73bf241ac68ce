import { readFile } from "node:fs/promises";

/** The versions of Node and of installed packages, by name. */
export async function versionsOf(packages: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const versions: Record<string, string> = { node: process.versions.node };
  for (const name of packages) {
    const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
    const description = JSON.parse(await readFile(file, "utf8")) as { readonly version: string };
    versions[name] = description.version;
  }
  return versions;
}
