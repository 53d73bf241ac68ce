import { HubApiError } from "@huggingface/hub";
import { AgentRefineError, errorMessage, shortWords, systemErrorCode } from "../../errors.ts";
import { storageError } from "../../runs/storage-error.ts";
import type { HubTarget } from "./hub-target.ts";

/** What the hub says of a refusal: one line, and never the token, should the hub send it back. */
function said({ data }: HubApiError, token: string): string {
  const text = [data?.error, data?.message].find((each) => typeof each === "string" && each.trim() !== "");
  if (typeof text !== "string") return "";
  return `: ${shortWords(text.replaceAll(token, "…"))}`;
}

function refusal(error: HubApiError, { endpoint, repository, token }: HubTarget): AgentRefineError {
  const tokens = `${endpoint}/settings/tokens`;
  const { statusCode: status } = error;
  const options = (fix: string) => ({ fix, cause: error });
  if (status === 401) {
    return new AgentRefineError(
      `${endpoint} does not accept the token`,
      options(`Make one with write access at ${tokens}.`),
    );
  }
  if (status === 403) {
    return new AgentRefineError(
      `the token may not write to ${repository}${said(error, token)}`,
      options(`Use a name of your own or of an organisation of yours, or another token from ${tokens}.`),
    );
  }
  if (status === 429 || status >= 500) {
    return new AgentRefineError(
      `${endpoint} is in trouble or has had enough (status ${status}${said(error, token)})`,
      options("Try again later."),
    );
  }
  return new AgentRefineError(
    `${endpoint} refuses (status ${status}${said(error, token)})`,
    options("Put right what it says, or try another name."),
  );
}

/**
 * What to throw when a hub could not be used: an AgentRefineError of one line. What was stopped, and defects of this
 * program, come back as they are.
 */
export function hubError(error: unknown, target: HubTarget): unknown {
  const { endpoint } = target;
  if (error instanceof AgentRefineError || !(error instanceof Error)) return error;
  if (error instanceof HubApiError) return refusal(error, target);
  if (error.name === "TimeoutError") {
    return new AgentRefineError(`${endpoint} does not answer`, { fix: "Try again later.", cause: error });
  }
  if (error instanceof TypeError && error.cause !== undefined) {
    const why = systemErrorCode(error.cause) ?? errorMessage(error.cause);
    return new AgentRefineError(`${endpoint} cannot be reached (${why})`, {
      fix: "Check the network and HF_ENDPOINT.",
      cause: error,
    });
  }
  if (systemErrorCode(error) !== undefined) return storageError(error, "upload", "the data");
  // The client reads answers without looking at them first.
  if (error instanceof TypeError || error instanceof SyntaxError) {
    return new AgentRefineError(`${endpoint} does not answer as the Hugging Face hub does`, {
      fix: "Check HF_ENDPOINT.",
      cause: error,
    });
  }
  return error;
}
