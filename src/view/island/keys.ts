/** Whether a key is meant for a field that is being written in. */
function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

function follow(selector: string): void {
  const found = document.querySelector(selector);
  const address = found?.getAttribute("href");
  if (address) location.assign(address);
}

/** The link of each row of a list. */
function rowLinks(): readonly HTMLAnchorElement[] {
  return [...document.querySelectorAll("[data-steps] > *")].flatMap((row) => row.querySelector("a") ?? []);
}

/** Steps from row to row of a list; from its last or first one, and where there is no list, to what comes next. */
function step(by: 1 | -1): void {
  const links = rowLinks();
  const now = links.findIndex((link) => link.closest("[data-steps] > *")?.contains(document.activeElement));
  const link = now < 0 && by < 0 ? undefined : links[now + by];
  const rel = by > 0 ? "next" : "prev";
  if (link === undefined) follow(`link[rel="${rel}"], .pager a[rel="${rel}"]`);
  else link.focus();
}

function help(): HTMLDialogElement | null {
  return document.querySelector("dialog.help");
}

const ACTIONS: Readonly<Record<string, () => void>> = {
  j: () => step(1),
  k: () => step(-1),
  g: () => follow("nav[aria-label=path] a:last-of-type"),
  "/": () => document.querySelector<HTMLInputElement>("[data-search]")?.focus(),
  "?": () => help()?.showModal(),
};

/** Shows the button for the help, which does nothing without script. */
export function showKeysButton(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-keys]");
  if (button === null) return;
  button.hidden = false;
  button.addEventListener("click", () => help()?.showModal());
}

/** The keys that the help names. */
export function listenToKeys(): void {
  showKeysButton();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    const pressed = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key)}"]`);
    if (pressed !== null && !event.repeat) return pressed.click();
    const action = Object.hasOwn(ACTIONS, event.key) ? ACTIONS[event.key] : undefined;
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}
