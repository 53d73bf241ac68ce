import { execFile } from "node:child_process";
import type { Env } from "../env.ts";
import type { Origin } from "./data-sets.ts";
import { type Address, noSuchFile, type Web } from "./web.ts";

export interface Sources {
  /** The hub: HF_ENDPOINT, else Hugging Face's own. */
  readonly hub: string;
  /** HF_TOKEN; sent to the hub alone. */
  readonly hubToken?: string | undefined;
  /** The Python index, such as `https://pypi.org/simple`. Asked for when something of it is wanted. */
  readonly index: () => Promise<string>;
  readonly github: string;
  /** Where GitHub gives single files. */
  readonly githubFiles: string;
}

const PUBLIC_INDEX = "https://pypi.org/simple";
const PIP_TIME = 10_000;
/** The longest page of a Python index that is read, in bytes. */
const LONGEST_PAGE = 32 * 2 ** 20;

/** The index that pip is set up with; undefined where there is no pip, or it has none of its own. */
function indexOfPip(env: Env): Promise<string | undefined> {
  return new Promise((done) =>
    execFile(
      "pip",
      ["config", "get", "global.index-url"],
      { env: { ...env }, timeout: PIP_TIME, windowsHide: true },
      (error, output) => done(error === null && /^https?:\/\//.test(output) ? output.trim() : undefined),
    ),
  );
}

/** The hosts as the environment has them: HF_ENDPOINT, HF_TOKEN, PIP_INDEX_URL or pip's own setting. */
export function sourcesOf(env: Env): Sources {
  const { HF_ENDPOINT, HF_TOKEN, PIP_INDEX_URL } = env;
  return {
    hub: HF_ENDPOINT || "https://huggingface.co",
    hubToken: HF_TOKEN || undefined,
    index: async () => PIP_INDEX_URL || (await indexOfPip(env)) || PUBLIC_INDEX,
    github: "https://github.com",
    githubFiles: "https://raw.githubusercontent.com",
  };
}

function joined(base: string, path: string): string {
  return `${base.replace(/\/+$/, "")}/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** An address as it can be shown and asked for: a name and a password in it become a header of their own. */
function withoutPassword(text: string): Address {
  const url = new URL(text);
  const { username, password } = url;
  if (username === "" && password === "") return { url: url.href };
  url.username = "";
  url.password = "";
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url: url.href, authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

/** The links of an index's page: JSON as PEP 691 has it, or HTML (PEP 503) from those that know nothing else. */
function linksOf(page: string): readonly string[] {
  try {
    const { files }: { files?: unknown } = JSON.parse(page);
    if (!Array.isArray(files)) return [];
    return files.flatMap((file: { url?: unknown } | null) =>
      typeof file?.url === "string" ? [file.url] : [],
    );
  } catch {
    const links = page.matchAll(/<a\s[^<>]{0,2000}?href\s*=\s*["']([^"'<>]{1,2000})["']/gi);
    return [...links].map(([, link = ""]) => link.replaceAll("&amp;", "&"));
  }
}

/** The address of a wheel. An index's own links say where its files lie, often on another host. */
async function wheelAddress(project: string, file: string, index: string, web: Web): Promise<Address> {
  const { url: base, authorization } = withoutPassword(index);
  const page = { url: `${base.replace(/\/+$/, "")}/${project}/`, authorization };
  const accept = "application/vnd.pypi.simple.v1+json, text/html;q=0.1";
  const text = await web.text(page, { accept }, LONGEST_PAGE);
  for (const link of linksOf(text)) {
    if (!URL.canParse(link, page.url)) continue;
    const url = new URL(link, page.url);
    if (url.pathname.split("/").at(-1) !== file) continue;
    url.hash = "";
    return { url: url.href, ...(url.origin === new URL(page.url).origin ? { authorization } : {}) };
  }
  throw noSuchFile(`${page.url} has no ${file}`);
}

/** Where something is fetched from. Rejects with an AgentRefineError when that has to be asked for and is not told. */
export async function addressOf(origin: Origin, sources: Sources, web: Web): Promise<Address> {
  switch (origin.kind) {
    case "release": {
      const { repository, tag, file } = origin;
      return { url: joined(sources.github, `${repository}/releases/download/${tag}/${file}`) };
    }
    case "commit": {
      const { repository, commit, file } = origin;
      return { url: joined(sources.githubFiles, `${repository}/${commit}/${file}`) };
    }
    case "hub": {
      const url = joined(sources.hub, `datasets/${origin.repository}/resolve/main/${origin.file}`);
      const { hubToken } = sources;
      return { url, ...(hubToken === undefined ? {} : { authorization: `Bearer ${hubToken}` }) };
    }
    case "index":
      return wheelAddress(origin.project, origin.file, await sources.index(), web);
  }
}
