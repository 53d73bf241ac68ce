import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import * as z from "zod";
import { AgentRefineError, storageError, systemErrorCode } from "../../errors.ts";
import { writeFileAtomically } from "../../runs/atomic-file.ts";

const pageSchema = z.object({
  /** What was asked for: path and query. */
  address: z.string(),
  /** When, as ISO 8601. */
  asked: z.string(),
  /** The whole address that answered in the end. */
  from: z.string(),
  status: z.int(),
  html: z.string(),
});

/** A page as it was answered. */
export type KeptPage = z.infer<typeof pageSchema>;

/** The most bytes of a page that is read back. */
const LARGEST = 64 * 1024 * 1024;

/** The file of a page: its name says nothing, so that any address has one. */
function fileOf(folder: string, address: string): string {
  const name = createHash("sha256").update(address).digest("hex").slice(0, 32);
  return join(folder, `${name}.json.gz`);
}

/** What tells a page from any other answer to the same address. */
export function digestOf({ html }: KeptPage): string {
  return createHash("sha256").update(html).digest("hex");
}

function parsePage(text: string, address: string): KeptPage | undefined {
  try {
    const page = pageSchema.parse(JSON.parse(text));
    return page.address === address ? page : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The page that is kept for an address; undefined when there is none. Throws AgentRefineError for one that is damaged.
 */
export async function readPage(folder: string, address: string): Promise<KeptPage | undefined> {
  const file = fileOf(folder, address);
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw storageError(error, "read", file);
  }
  const text = await promisify(gunzip)(bytes, { maxOutputLength: LARGEST }).catch(() => undefined);
  const page = text === undefined ? undefined : parsePage(text.toString("utf8"), address);
  if (page !== undefined) return page;
  throw new AgentRefineError(`${file} is not the page of ${address}: it is damaged`, {
    fix: "Remove it, so that the page is asked for again.",
  });
}

/** Keeps a page, which is on the disk when this resolves. */
export async function keepPage(folder: string, page: KeptPage): Promise<void> {
  await writeFileAtomically(fileOf(folder, page.address), await promisify(gzip)(JSON.stringify(page)));
}
