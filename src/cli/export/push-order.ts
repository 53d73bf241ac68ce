import type { ExportFlags } from "../../config/flags.ts";
import { withDotEnv } from "../../config/load-config.ts";
import type { HubState } from "../../tuning/hub/ask-hub.ts";
import { type HubTarget, hubPage } from "../../tuning/hub/hub-target.ts";
import { exportWords, pushWords } from "../export-words.ts";
import type { Env, Host } from "../terminal/host.ts";
import { UsageError } from "../usage-error.ts";

/** An upload that was asked for, with everything checked that can be before anything is written. */
export interface PushOrder {
  readonly target: HubTarget;
  readonly found: HubState["code"];
  readonly isPrivate: boolean;
}

const HUGGING_FACE = "https://huggingface.co";
const REPOSITORY = /^[\w-][\w.-]{0,95}\/[\w-][\w.-]{0,95}$/;

function endpointOf({ HF_ENDPOINT: given }: Env): string {
  if (given === undefined || given === "") return HUGGING_FACE;
  const isAddress = URL.canParse(given) && /^https?:$/.test(new URL(given).protocol);
  if (!isAddress) throw new UsageError(pushWords.notAnAddress(given), { fix: pushWords.notAnAddressFix });
  return given.replace(/\/+$/, "");
}

/** The token stands in no message, whatever is wrong with it. */
function tokenOf({ HF_TOKEN: token = "" }: Env, endpoint: string): string {
  if (token === "") throw new UsageError(pushWords.noToken, { fix: pushWords.noTokenFix(endpoint) });
  if (!/^hf_[\x21-\x7e]+$/.test(token)) {
    throw new UsageError(pushWords.notAToken, { fix: pushWords.noTokenFix(endpoint) });
  }
  return token;
}

/**
 * Reads where to upload to, and asks the hub whether that can be done. Writes nothing, here or there.
 *
 * @throws AgentRefineError when something is missing, or the hub refuses
 */
export async function pushOrder(
  { push: repository, private: isPrivate = false, force = false }: ExportFlags,
  host: Host,
): Promise<PushOrder | undefined> {
  if (repository === undefined) {
    if (isPrivate) throw new UsageError(pushWords.privateAlone, { fix: exportWords.leaveOutFix });
    return undefined;
  }
  if (!REPOSITORY.test(repository)) {
    throw new UsageError(pushWords.notARepository(repository), { fix: pushWords.notARepositoryFix });
  }
  const env = await withDotEnv(host.env, host.directory);
  const endpoint = endpointOf(env);
  const target: HubTarget = { endpoint, token: tokenOf(env, endpoint), repository };
  // The hub's client takes a while to load, and few exports have a need of it.
  const { checkToken, hubState } = await import("../../tuning/hub/ask-hub.ts");
  await checkToken(target);
  const found = await hubState(target);
  if (found.code === "found" && !force) {
    throw new UsageError(pushWords.inTheWay(hubPage(target)), { fix: pushWords.inTheWayFix });
  }
  if (found.code === "found" && isPrivate && !found.isPrivate) {
    throw new UsageError(pushWords.isPublic(hubPage(target)), { fix: pushWords.isPublicFix });
  }
  return { target, found: found.code, isPrivate };
}
