import { datasetInfo, HubApiError, whoAmI } from "@huggingface/hub";
import { AgentRefineError } from "../../errors.ts";
import { hubError } from "./hub-error.ts";
import type { HubTarget } from "./hub-target.ts";

/** What there is at a target. */
export type HubState = { readonly code: "missing" } | { readonly code: "found"; readonly isPrivate: boolean };

/** Milliseconds that the hub has for the answer to a question. */
const PATIENCE = 30_000;

/** Fetches until it is stopped; with `patience`, for at most so many milliseconds. */
export function stoppableFetch(stop: AbortSignal | undefined, patience?: number): typeof fetch {
  return (input, init) => {
    const signals = [
      stop,
      init?.signal ?? undefined,
      patience === undefined ? undefined : AbortSignal.timeout(patience),
    ];
    const given = signals.filter((signal) => signal !== undefined);
    return fetch(input, { ...init, signal: AbortSignal.any(given) });
  };
}

/** Fetches the answers to small questions. */
export function questionFetch(stop?: AbortSignal): typeof fetch {
  return stoppableFetch(stop, PATIENCE);
}

/**
 * What there is at a target as the owner of the token sees it.
 *
 * @throws AgentRefineError when the hub cannot be reached or refuses the question
 */
export async function hubState(target: HubTarget, stop?: AbortSignal): Promise<HubState> {
  const { endpoint: hubUrl, token: accessToken, repository: name } = target;
  try {
    const found = await datasetInfo({ name, hubUrl, accessToken, fetch: questionFetch(stop) });
    return { code: "found", isPrivate: found.private };
  } catch (error) {
    if (error instanceof HubApiError && error.statusCode === 404) return { code: "missing" };
    throw hubError(error, target);
  }
}

/**
 * Asks the hub whether the token is good for writing, before anything is made ready for it.
 *
 * @throws AgentRefineError when the hub cannot be reached, does not know the token, or lets it only read
 */
export async function checkToken(target: HubTarget): Promise<void> {
  const { endpoint: hubUrl, token: accessToken } = target;
  try {
    const { auth } = await whoAmI({ hubUrl, accessToken, fetch: questionFetch() });
    if (auth.accessToken?.role !== "read") return;
  } catch (error) {
    throw hubError(error, target);
  }
  throw new AgentRefineError("the token may only read from the hub", {
    fix: `Make one with write access at ${hubUrl}/settings/tokens.`,
  });
}
