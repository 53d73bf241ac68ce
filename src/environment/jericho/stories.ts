import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fetchFix, publishedFolder } from "../../data/published.ts";
import { AgentRefineError, systemErrorCode } from "../../errors.ts";
import { GAMES, type GameFacts, ZORKS } from "./games.ts";

/** A game with its program. */
export interface StoryFile {
  readonly facts: GameFacts;
  readonly bytes: Uint8Array;
}

/** A game whose program is of no use, and why: it cannot be played, the others can. */
export interface BrokenStory {
  readonly facts: GameFacts;
  readonly problem: AgentRefineError;
}

/** The games that are there: those of the benchmark, else the three Zorks of the public source release. */
export interface Stories {
  readonly origin: "jericho" | "zork";
  readonly folder: string;
  readonly files: readonly (StoryFile | BrokenStory)[];
}

/** An error of a story that is there but of no use, or is not there. */
function storyError(message: string, cause?: unknown): AgentRefineError {
  return new AgentRefineError(message, {
    fix: `Give the file that Jericho plays. ${fetchFix("jericho")} AGENTREFINE_JERICHO goes before what it fetches.`,
    cause,
  });
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    const code = systemErrorCode(error);
    const message =
      code === "ENOENT" ? `there is no ${path}` : `cannot read ${path}: ${code ?? String(error)}`;
    throw storyError(message, error);
  }
}

/** Reads a game's story and checks that it is the one whose facts are known. Throws AgentRefineError. */
export async function readStoryFile(folder: string, facts: GameFacts): Promise<StoryFile> {
  const path = join(folder, facts.file);
  const bytes = await readBytes(path);
  const md5 = createHash("md5").update(bytes).digest("hex");
  if (md5 === facts.md5) return { facts, bytes };
  throw storyError(`${path} is damaged or another release of ${facts.name} (MD5 ${md5}, not ${facts.md5})`);
}

/** Where stories are: `jericho` is asked first. Undefined when there are none. */
export async function findStories(): Promise<Omit<Stories, "files"> | undefined> {
  for (const origin of ["jericho", "zork"] as const) {
    const folder = await publishedFolder(origin);
    if (folder !== undefined) return { origin, folder };
  }
  return undefined;
}

/** Reads the stories of all games that are there. Throws AgentRefineError when there are none, or all are of no use. */
export async function readStories(): Promise<Stories> {
  const found = await findStories();
  if (found === undefined) {
    throw new AgentRefineError("there are no games for jericho", {
      fix: `${fetchFix("jericho")} Or zork in its place, for three games of another release.`,
    });
  }
  const games = found.origin === "jericho" ? GAMES : ZORKS;
  const files = await Promise.all(
    games.map(async (facts): Promise<StoryFile | BrokenStory> => {
      try {
        return await readStoryFile(found.folder, facts);
      } catch (error) {
        if (!(error instanceof AgentRefineError)) throw error;
        return { facts, problem: error };
      }
    }),
  );
  const [first] = files;
  if (first !== undefined && "problem" in first && files.every((file) => "problem" in file))
    throw first.problem;
  return { ...found, files };
}
