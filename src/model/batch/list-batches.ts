import { type Fields, isFields } from "../call.ts";
import type { BatchHttp } from "./batch-http.ts";
import type { ProviderBatch } from "./batch-service.ts";

/** How a service's list of batches is read. */
interface BatchList {
  readonly path: string;
  /** The parameter that names the last batch of the page before. */
  readonly after: string;
  readonly read: (fields: Fields) => ProviderBatch;
}

/**
 * The batches that a service lists and that were made since then, in milliseconds since 1970. One that was overlooked
 * would be made again, so a page is the last only when it says so, brings nothing new, or is surely older.
 */
export async function listBatches(
  http: BatchHttp,
  since: number,
  { path, after, read }: BatchList,
): Promise<readonly ProviderBatch[]> {
  const all = new Map<string, ProviderBatch>();
  for (let last: ProviderBatch | undefined; ; ) {
    const query = { limit: "100", ...(last === undefined ? {} : { [after]: last.id }) };
    const page = await http.json(path, { query });
    const batches = (Array.isArray(page.data) ? page.data : []).filter(isFields).map(read);
    const before = all.size;
    for (const each of batches) if (!all.has(each.id)) all.set(each.id, each);
    last = batches.at(-1);
    if (page.has_more === true && all.size > before && !isOlder(batches, since)) continue;
    return [...all.values()].filter(({ createdAt }) => createdAt >= since);
  }
}

/** Whether what follows a page was surely made before: it is so old, and the list has the newest first. */
function isOlder(page: readonly ProviderBatch[], since: number): boolean {
  const [first, last] = [page[0], page.at(-1)];
  if (first === undefined || last === undefined) return true;
  return last.createdAt < since && first.createdAt >= last.createdAt;
}
