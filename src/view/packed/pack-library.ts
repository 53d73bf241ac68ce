import { createApp } from "../app.tsx";
import type { Library } from "../library.ts";
import { link } from "../link.ts";
import { readHome } from "../read-home.ts";
import { type Packed, type PackOptions, packPages } from "./pack-pages.ts";

/**
 * Packs everything in a library: see {@link packPages}. What is shown first is the page of the only thing that it has,
 * else the list of all.
 *
 * @throws AgentRefineError as `packPages` does
 */
export async function packLibrary(library: Library, options: Omit<PackOptions, "first">): Promise<Packed> {
  const { runs, evaluations, data } = readHome(library, await library.look());
  const rows = [...runs, ...evaluations, ...data];
  const first = (rows.length === 1 ? rows[0]?.href : undefined) ?? link([]);
  return packPages(createApp(library), { ...options, first });
}
