import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Env } from "../env.ts";

function platformCache(env: Env, platform: NodeJS.Platform): string {
  const given = platform === "win32" ? env.LOCALAPPDATA : env.XDG_CACHE_HOME;
  if (given) return given;
  if (platform === "win32") return join(homedir(), "AppData", "Local");
  return platform === "darwin" ? join(homedir(), "Library", "Caches") : join(homedir(), ".cache");
}

/** Where what others publish is kept: AGENTREFINE_HOME, else a folder of the platform's cache. */
export function cacheHome(env: Env, platform: NodeJS.Platform = process.platform): string {
  const own = env.AGENTREFINE_HOME;
  return own ? resolve(own) : resolve(platformCache(env, platform), "agentrefine");
}

/** The folder of a data set; it has this name only when the data set is whole. */
export function dataFolder(name: string, env: Env): string {
  return join(cacheHome(env), "data", name);
}

/** Where the pieces of a data set lie until it is whole. A get that is killed finds here what it had. */
export function downloadFolder(name: string, env: Env): string {
  return join(cacheHome(env), "downloads", name);
}
