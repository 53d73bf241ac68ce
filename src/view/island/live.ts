/** Milliseconds between two times that a page asks for itself. */
const PAUSE = 1000;

/** Puts the parts of a page that live in the place of those that are shown; what did not change stays as it is. */
function take(fresh: Document): void {
  for (const old of document.querySelectorAll("[data-live]")) {
    const now = fresh.getElementById(old.id);
    if (now !== null && !now.isEqualNode(old)) old.replaceWith(document.adoptNode(now));
  }
  document.title = fresh.title;
}

/** A page that asks for itself again, once for all the changes that come close together. */
class LivePage {
  readonly #address: string;
  #isAsking = false;
  #source: EventSource | undefined;

  constructor(address: string) {
    this.#address = address;
  }

  listen(): void {
    this.#source?.close();
    this.#source = new EventSource(this.#address);
    this.#source.addEventListener("changed", () => this.ask(PAUSE));
  }

  close(): void {
    this.#source?.close();
  }

  ask(delay: number): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    setTimeout(() => {
      this.#isAsking = false;
      // A page in the background is brought up to date when it is looked at.
      if (document.visibilityState === "visible") this.#fetch().catch(() => undefined);
    }, delay);
  }

  async #fetch(): Promise<void> {
    const response = await fetch(location.href);
    if (response.ok) take(new DOMParser().parseFromString(await response.text(), "text/html"));
  }
}

/** Lets a page grow with what it shows, without reloading it. */
export function listenToChanges(): void {
  const address = document.body.dataset.events;
  if (address === undefined) return;
  const page = new LivePage(address);
  page.listen();
  document.addEventListener("visibilitychange", () => page.ask(0));
  addEventListener("pagehide", () => page.close());
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    page.listen();
    page.ask(0);
  });
}
