import { AgentRefineError } from "../errors.ts";

/** The environment's variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variable in which each provider's users keep their key. A key goes to its own host and to no other. */
const WELL_KNOWN: Readonly<Record<string, string>> = {
  "api.openai.com": "OPENAI_API_KEY",
  "api.anthropic.com": "ANTHROPIC_API_KEY",
  "api.deepseek.com": "DEEPSEEK_API_KEY",
  "api.together.xyz": "TOGETHER_API_KEY",
  "api.together.ai": "TOGETHER_API_KEY",
  "openrouter.ai": "OPENROUTER_API_KEY",
  "api.mistral.ai": "MISTRAL_API_KEY",
  "api.groq.com": "GROQ_API_KEY",
  "api.fireworks.ai": "FIREWORKS_API_KEY",
  "api.x.ai": "XAI_API_KEY",
  "api.cerebras.ai": "CEREBRAS_API_KEY",
  "api.deepinfra.com": "DEEPINFRA_API_KEY",
  "api.moonshot.ai": "MOONSHOT_API_KEY",
  "dashscope.aliyuncs.com": "DASHSCOPE_API_KEY",
  "dashscope-intl.aliyuncs.com": "DASHSCOPE_API_KEY",
  "generativelanguage.googleapis.com": "GEMINI_API_KEY",
};

/** The variable for keys of any host. */
const OWN_VARIABLE = "AGENTREFINE_API_KEY";

/** The variables in which a key is looked for when none is named. */
export const KEY_VARIABLES: readonly string[] = [...new Set([OWN_VARIABLE, ...Object.values(WELL_KNOWN)])];

/** A key from a variable, without the line end that comes along when it is read from a file. */
function read(environment: Environment, variable: string): string | undefined {
  const key = environment[variable]?.trim();
  if (key === undefined || key === "") return undefined;
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new AgentRefineError(`the key in ${variable} has characters that no key has`, {
      fix: `Set ${variable} again; a space or a line end may have come along.`,
    });
  }
  return key;
}

/**
 * The key for a host: from the variable that the user named, else AGENTREFINE_API_KEY, else the host's own
 * variable. Undefined for hosts that need none, such as a local server. Throws AgentRefineError, which names the
 * variable, for one that is missing.
 */
export function findKey(url: URL, environment: Environment, named?: string): string | undefined {
  if (named !== undefined) {
    const key = read(environment, named);
    if (key !== undefined) return key;
    throw new AgentRefineError(`the variable ${named} holds no key`, { fix: `Set ${named}.` });
  }
  const own = read(environment, OWN_VARIABLE);
  if (own !== undefined) return own;
  const variable = Object.hasOwn(WELL_KNOWN, url.hostname) ? WELL_KNOWN[url.hostname] : undefined;
  if (variable === undefined) return undefined;
  // A key must not travel in the open.
  const key = url.protocol === "https:" ? read(environment, variable) : undefined;
  if (key !== undefined) return key;
  throw new AgentRefineError(`${url.hostname} needs a key`, {
    fix: `Set ${variable} (and use https) or ${OWN_VARIABLE}.`,
  });
}
