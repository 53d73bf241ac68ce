import type { ServedWorlds } from "./served-worlds.ts";

/** A request in what matters of it. */
export interface WorldRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What is sent back. */
export interface Answer {
  readonly status: number;
  /** A JSON value. */
  readonly body: unknown;
}

function refusal(status: number, error: string): Answer {
  return { status, body: { error } };
}

/** A whole number from 0. */
function index(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

function withWorld(worlds: ServedWorlds, value: unknown, use: (id: number) => Answer): Answer {
  const id = index(value);
  if (id === undefined) return refusal(400, "id must be the number that /create gave");
  return worlds.has(id) ? use(id) : refusal(404, `there is no environment ${id}`);
}

function create(_request: WorldRequest, worlds: ServedWorlds): Answer {
  const id = worlds.create();
  return id === undefined
    ? refusal(503, "too many environments are open; close some")
    : { status: 200, body: { id } };
}

function reset({ body }: WorldRequest, worlds: ServedWorlds): Answer {
  const { data_idx: place = 0 } = body;
  return withWorld(worlds, body.id, (id) => {
    const task = index(place);
    const view = task === undefined ? undefined : worlds.reset(id, task);
    const most = worlds.suite.tasks.length - 1;
    return view === undefined
      ? refusal(400, `data_idx must be a number from 0 to ${most}`)
      : { status: 200, body: view };
  });
}

function step({ body }: WorldRequest, worlds: ServedWorlds): Answer {
  const { action } = body;
  if (typeof action !== "string") return refusal(400, "action must be a text");
  return withWorld(worlds, body.id, (id) => ({ status: 200, body: worlds.step(id, action) }));
}

function observation({ query }: WorldRequest, worlds: ServedWorlds): Answer {
  return withWorld(worlds, query.get("id"), (id) => ({ status: 200, body: worlds.view(id)?.observation }));
}

function close({ body }: WorldRequest, worlds: ServedWorlds): Answer {
  return withWorld(worlds, body.id, (id) => ({ status: 200, body: { closed: worlds.close(id) } }));
}

function hello(_request: WorldRequest, { suite }: ServedWorlds): Answer {
  return { status: 200, body: { suite: suite.name, variant: suite.variant, tasks: suite.tasks.length } };
}

const ROUTES: ReadonlyMap<string, (request: WorldRequest, worlds: ServedWorlds) => Answer> = new Map([
  ["GET /", hello],
  ["POST /create", create],
  ["POST /reset", reset],
  ["POST /step", step],
  ["GET /observation", observation],
  ["POST /close", close],
]);

/** Answers a request in AgentGym's protocol. Never throws for what a client sends. */
export function answer(request: WorldRequest, worlds: ServedWorlds): Answer {
  const route = ROUTES.get(`${request.method} ${request.path}`);
  return route === undefined
    ? refusal(404, `there is no such route; there are ${[...ROUTES.keys()].join(", ")}`)
    : route(request, worlds);
}
