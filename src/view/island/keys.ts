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

function help(): HTMLDialogElement | null {
  return document.querySelector("dialog.help");
}

const ACTIONS: Readonly<Record<string, () => void>> = {
  j: () => follow('link[rel="next"], .pager a[rel="next"]'),
  k: () => follow('link[rel="prev"], .pager a[rel="prev"]'),
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
