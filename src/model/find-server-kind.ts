import { request as send } from "undici";
import { AgentRefineError } from "../errors.ts";
import { isFields, parseFields } from "./call.ts";
import { openDispatcher } from "./http.ts";
import { kindOfOwners, type ServerKind } from "./server-limits.ts";

/** Services that bind replies to nothing but JSON. */
const UNBOUND: readonly string[] = ["api.deepseek.com"];
/** Services that need not be asked what they are. */
const KNOWN: readonly string[] = ["api.openai.com"];

const LOOK_TIMEOUT = 5000;

/**
 * What kind of server answers at an address, by what its list of models says; `other` when it does not tell. Rejects
 * with an AgentRefineError for a service that keeps to no schema.
 */
export async function findServerKind(
  baseUrl: string,
  headers: Readonly<Record<string, string>>,
): Promise<ServerKind> {
  const url = new URL(baseUrl);
  if (UNBOUND.includes(url.hostname)) {
    throw new AgentRefineError(`${url.hostname} keeps to no JSON Schema, which 'structured' asks for`, {
      fix: "Leave it out.",
    });
  }
  if (KNOWN.includes(url.hostname)) return "other";
  const dispatcher = openDispatcher(LOOK_TIMEOUT);
  try {
    const path = url.pathname.replace(/\/+$/, "");
    const answer = await send(`${url.origin}${path}/models${url.search}`, {
      headers,
      bodyTimeout: LOOK_TIMEOUT,
      dispatcher,
    });
    const data = parseFields(await answer.body.text())?.data;
    const owners: readonly unknown[] = (Array.isArray(data) ? data : []).map(
      (model) => isFields(model) && model.owned_by,
    );
    return kindOfOwners(owners);
  } catch {
    // Whether it answers at all, the first call tells.
    return "other";
  } finally {
    await dispatcher.close();
  }
}
