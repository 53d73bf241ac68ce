import { access, constants, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { withBrowser } from "./browser.ts";

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
/** Pixels of a picture for one of its drawing. */
const FINENESS = 2;

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
 * Takes a picture of each drawing, twice as fine as the drawing, with one browser that fetches nothing. Gives what the
 * browser said when it failed, else undefined.
 */
export async function takePictures(
  browser: string,
  drawings: readonly Drawing[],
  onPicture: (taken: number) => void = () => undefined,
): Promise<string | undefined> {
  try {
    await withBrowser(browser, async (page) => {
      await page.ask("Page.enable");
      for (const [place, { svg, png, width, height }] of drawings.entries()) {
        onPicture(place);
        const size = { width, height, deviceScaleFactor: FINENESS, mobile: false };
        await page.ask("Emulation.setDeviceMetricsOverride", size);
        const shown = page.ask("Page.navigate", { url: pathToFileURL(svg).href });
        await Promise.all([page.next("Page.loadEventFired"), shown]);
        const { data } = await page.ask("Page.captureScreenshot", { format: "png" });
        await writeFile(png, Buffer.from(String(data), "base64"));
      }
    });
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  }
}
