import axe from "axe-core";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBrowser } from "../report/document/pictures.ts";
import { HOSTILE_IDS, HOSTILE_RUN } from "./testing/hostile.ts";
import { type ShownPages, showPages } from "./testing/shown-pages.ts";

// A browser takes a minute, so that only those are run who ask for it, as .ci/run does.
const isAsked = process.env.AGENTREFINE_BROWSER === "1";
const executablePath = isAsked ? await findBrowser(process.env) : undefined;
/** Milliseconds that a browser may take on a machine with much else to do. */
const SLOW = 120_000;
/** The name says why nothing was tested. */
const missing = isAsked ? "this machine has no Chromium" : "AGENTREFINE_BROWSER=1 runs it";
const where = executablePath === undefined ? `(skipped: ${missing})` : "in a browser";

let browser: Browser;
let shown: ShownPages;

/** What went wrong in pages, and what they asked for beside the place that they are of. */
function watch(page: Page, allowed: string): string[] {
  const troubles: string[] = [];
  page.on("console", (message) => {
    // A browser looks for a picture of its own accord where a text cannot name one.
    if (message.location().url.endsWith("/favicon.ico")) return;
    if (message.type() !== "log" && message.type() !== "info") {
      troubles.push(`${page.url()} ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => troubles.push(`${page.url()} ${error}`));
  page.on("dialog", (dialog) => {
    troubles.push(`${page.url()} opened a dialog`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(allowed) && !url.startsWith("data:")) troubles.push(`${page.url()} asked for ${url}`);
  });
  return troubles;
}

async function isAttacked(page: Page): Promise<boolean> {
  return page.evaluate<boolean>("'bad' in window");
}

/** Opens a page and does something with it. */
async function withPage<Result>(
  options: Parameters<Browser["newContext"]>[0],
  use: (page: Page, context: BrowserContext) => Promise<Result>,
): Promise<Result> {
  const context = await browser.newContext(options);
  try {
    return await use(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

const HOSTILE = `/run/${encodeURIComponent(HOSTILE_RUN)}`;
const [SHORT, LONG] = HOSTILE_IDS;

/** One address of every kind of page; ids are looked up where a page leads to them. */
async function addresses(page: Page): Promise<Readonly<Record<string, string>>> {
  await page.goto(`${shown.served}/run/run/list`);
  const trajectory = (await page.locator("td.id a").first().getAttribute("href")) ?? "";
  await page.goto(`${shown.served}${trajectory}`);
  const call = (await page.locator('a[href*="/call/"]').first().getAttribute("href")) ?? "";
  return {
    home: "/",
    run: "/run/run",
    list: "/run/run/list",
    trajectory,
    call,
    rows: "/data/rows.jsonl",
    row: "/data/rows.jsonl/1",
    evaluation: "/evaluation/odd",
    episodes: "/evaluation/odd/episodes",
    episode: "/evaluation/odd/episodes/1",
    grid: "/evaluation/random/tasks?with=expert",
    beside: "/evaluation/random/beside/1?with=expert",
  };
}

async function focused(page: Page): Promise<string> {
  return page.evaluate<string>("document.activeElement.textContent.trim()");
}

/** Each colour scheme and each width once: how colours stand against each other has nothing to do with the width. */
const LOOKS = [
  ["light", 360],
  ["dark", 1280],
] as const;

describe.skipIf(executablePath === undefined)(`the pages ${where}`, () => {
  beforeAll(async () => {
    const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    [shown, browser] = await Promise.all([
      showPages(),
      chromium.launch({ executablePath: executablePath ?? "", args: asRoot }),
    ]);
  }, 3 * SLOW);
  afterAll(async () => {
    await browser?.close();
    await shown?.close();
  });

  test("run no script of a model's, ask nobody but their server, and are at ease with their own policy", () =>
    withPage({}, async (page) => {
      const troubles = watch(page, `${shown.served}/`);
      const hostile = [
        HOSTILE,
        `${HOSTILE}/list`,
        `${HOSTILE}/${SHORT}`,
        `${HOSTILE}/${SHORT}/turn/2`,
        `${HOSTILE}/${LONG}`,
        `${HOSTILE}/${LONG}?part=101`,
        "/data/hostile.jsonl",
        "/data/hostile.jsonl/1",
        "/data/hostile.jsonl/2",
      ];
      for (const address of [...Object.values(await addresses(page)), ...hostile]) {
        const response = await page.goto(`${shown.served}${address}`);
        expect(response?.status(), address).toBe(200);
        expect(await isAttacked(page), address).toBe(false);
      }
      expect(troubles).toEqual([]);
    }));

  test("are used with the keyboard alone", () =>
    withPage({}, async (page) => {
      const keys = page.keyboard;
      const list = `${shown.served}/run/run/list`;
      await page.goto(list);
      await keys.press("Tab");
      expect(await focused(page)).toBe("to the content");
      await keys.press("Enter");
      await keys.press("Tab");
      expect(await page.evaluate("document.activeElement.name")).toBe("q");
      // On from there each stop comes behind the one before, and is seen to be there.
      await page.evaluate("window.last = document.activeElement");
      for (let stops = 0; stops < 15; stops++) {
        await keys.press("Tab");
        const isFine = await page.evaluate(`(() => {
          const [last, now] = [window.last, document.activeElement];
          window.last = now;
          return Boolean(last.compareDocumentPosition(now) & 4) && getComputedStyle(now).outlineStyle !== "none";
        })()`);
        expect(isFine, `stop ${stops}: ${await focused(page)}`).toBe(true);
      }
      await page.goto(list);
      for (const key of ["j", "j", "k"]) await keys.press(key);
      expect(await focused(page)).toBe(await page.locator("td.id a").first().innerText());
      await keys.press("Enter");
      await page.waitForURL(/\/run\/run\/[0-9a-f]{16}/);
      const first = page.url();
      await keys.press("j");
      await page.waitForURL((url) => url.href !== first);
      await keys.press("k");
      await page.waitForURL(first);
      await keys.press("g");
      await page.waitForURL(list);
      await keys.press("/");
      await keys.type("room");
      await keys.press("Enter");
      await page.waitForURL(/[?&]q=room/);
      await page.goBack();
      await page.waitForURL(list);
      await keys.press("?");
      expect(await page.locator("dialog.help").isVisible()).toBe(true);
      await keys.press("Escape");
      expect(await page.locator("dialog.help").isVisible()).toBe(false);
    }));

  test.each(["file", "folder"] as const)(
    "are the same as a %s that is opened without a server",
    (kind) =>
      withPage({}, async (page, context) => {
        const url = shown.packed[kind];
        const beside = await context.newPage();
        const { list, trajectory, call, episodes, episode } = await addresses(beside);
        const troubles = watch(page, kind === "file" ? url : url.replace("index.html", ""));
        const same = async (address: string): Promise<void> => {
          await beside.goto(`${shown.served}${address}`);
          // Nothing can be said of a trajectory where there is no server to keep it, and evaluations are put together
          // by links.
          await beside.evaluate(`for (const each of document.querySelectorAll(".saying, form[method=post], form.beside"))
          (each.closest("details") ?? each).remove()`);
          const text = await beside.locator("main").innerText();
          await expect.poll(() => page.locator("main").innerText(), { timeout: 10_000 }).toBe(text);
        };
        await page.goto(url);
        const colour = "getComputedStyle(document.documentElement).getPropertyValue('--chart-ink')";
        expect(await page.evaluate(colour), "the colours of charts").not.toBe("");
        for (const address of [list, trajectory, call, episode, `${episodes}?suite=pddl`, list] as string[]) {
          await page.goto(`${url}#${address}`);
          await same(address);
        }
        await page.keyboard.press("/");
        await page.keyboard.type("kitchen");
        await page.keyboard.press("Enter");
        await same(`${list}?q=kitchen`);
        await page.goBack();
        await page.selectOption("select[name=outcome]", "rejected");
        await page.locator("form.filters button").press("Enter");
        await same(`${list}?outcome=rejected`);
        if (kind === "file") {
          for (const address of [
            "/data/hostile.jsonl/2",
            "/data/rows.jsonl?q=the",
            "/data/rows.jsonl?q=nowhere",
            "/evaluation/random/tasks?with=expert&with=odd",
            `${HOSTILE}/list`,
            `${HOSTILE}/${SHORT}`,
            `${HOSTILE}/${LONG}?part=101`,
          ]) {
            await page.goto(`${url}#${address}`);
            await same(address);
          }
          // What is too long for a page is a text of its own.
          await page.goto(`${url}#${HOSTILE}/${SHORT}/turn/2`);
          await expect
            .poll(() => page.locator("pre").innerText(), { timeout: 10_000 })
            .toContain("long long");
        }
        expect(await isAttacked(page)).toBe(false);
        expect(troubles).toEqual([]);
      }),
    SLOW,
  );

  test(
    "have nothing that axe finds hard to use, light and dark, narrow and wide",
    () =>
      withPage({}, async (page) => {
        const found: string[] = [];
        for (const [name, address] of Object.entries(await addresses(page))) {
          await page.goto(`${shown.served}${address}`);
          await page.evaluate(axe.source);
          for (const [colorScheme, width] of LOOKS) {
            await page.setViewportSize({ width, height: 800 });
            await page.emulateMedia({ colorScheme });
            const { violations } = await page.evaluate<axe.AxeResults>(
              "axe.run({ resultTypes: ['violations'] })",
            );
            for (const { id, nodes } of violations) {
              found.push(
                `${name}, ${colorScheme}, ${width} px: ${id} at ${nodes.map(({ target }) => target)}`,
              );
            }
          }
        }
        expect(found).toEqual([]);
      }),
    SLOW,
  );
});
