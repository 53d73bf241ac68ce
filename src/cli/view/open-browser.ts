import { spawn } from "node:child_process";
import type { Env } from "../../env.ts";

/** The command that opens an address in the browser; undefined where there is no screen to show it on. */
function opener(env: Env, platform: NodeJS.Platform): readonly [string, ...string[]] | undefined {
  if (platform === "darwin") return ["open"];
  if (platform === "win32") return ["cmd", "/c", "start", ""];
  const hasScreen = env.DISPLAY !== undefined || env.WAYLAND_DISPLAY !== undefined;
  return hasScreen && env.SSH_CONNECTION === undefined ? ["xdg-open"] : undefined;
}

/** Opens an address in the browser, if there is one; that there is none is no error. Gives whether it tried. */
export function openBrowser(url: string, env: Env, platform: NodeJS.Platform = process.platform): boolean {
  const [command, ...words] = opener(env, platform) ?? [];
  if (command === undefined) return false;
  const child = spawn(command, [...words, url], { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
  return true;
}
