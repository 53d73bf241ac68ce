import { execFile } from "node:child_process";
import { access, constants, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Browsers that take a picture of a page without a window, by the names that they go by. */
const NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
  "chrome",
];
const ELSEWHERE = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const SECONDS = 60;

/** Where a browser is that can take pictures: that of CHROME_PATH, else the first on the path; undefined for none. */
export async function findBrowser(
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = [
    ...(env.CHROME_PATH === undefined ? [] : [env.CHROME_PATH]),
    ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...ELSEWHERE,
  ];
  for (const path of candidates) {
    const canRun = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (canRun) return path;
  }
  return undefined;
}

/** A drawing that is to become a picture. */
export interface Drawing {
  /** The file of the drawing, an SVG, and that of the picture. */
  readonly svg: string;
  readonly png: string;
  /** In pixels of the drawing. */
  readonly width: number;
  readonly height: number;
}

/** The size of a drawing as its head says it. */
export function sizeOf(svg: string): Pick<Drawing, "width" | "height"> {
  const [, width = "0", height = "0"] = /^<svg [^>]*width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  return { width: Math.ceil(Number(width)), height: Math.ceil(Number(height)) };
}

/**
 * Takes a picture of each drawing with a browser, twice as fine as the drawing; two at a time, each with an empty profile
 * and nothing fetched. Gives what the browser said when it failed, else undefined.
 */
export async function takePictures(
  browser: string,
  drawings: readonly Drawing[],
): Promise<string | undefined> {
  const profile = await mkdtemp(join(tmpdir(), "agentrefine-browser-"));
  // Its sandbox does not work for root, who is alone in a container most often; what is shown is ours.
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const waiting = [...drawings];
  const work = async (place: number): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { svg, png, width, height } = next;
      const flags = [
        ...["--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-extensions"],
        ...["--disable-background-networking", "--disable-component-update", "--disable-sync", ...asRoot],
        `--user-data-dir=${join(profile, String(place))}`,
        "--force-device-scale-factor=2",
        `--window-size=${width},${height}`,
        `--screenshot=${png}`,
      ];
      await run(browser, [...flags, pathToFileURL(svg).href], { timeout: SECONDS * 1000 });
      await access(png);
    }
  };
  try {
    await Promise.all([0, 1].map(work));
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 3 });
  }
}
