import type { ModelChoice, RunSettings, WriterChoice } from "../../config/run-settings.ts";
import type { WriterConfig } from "../../config/writers.ts";
import { shellWord } from "../../printable.ts";
import { lowered, type Session } from "../run/session.ts";

// How one of several writers is asked and driven: what is said of it, over what is said of all.

/** Whether a writer has a server of its own, to which nothing goes that is said of the server of all. */
function isElsewhere({ baseUrl, provider }: WriterChoice): boolean {
  return baseUrl !== undefined || provider !== undefined;
}

/** How one writer of a run is asked: what is its own over what holds for all, whose server is not that of one elsewhere. */
export function choiceOf({ model }: RunSettings, name: string, writer: WriterChoice): ModelChoice {
  const { share: _share, for: _for, ...own } = writer;
  const { baseUrl: _url, apiKeyEnv: _key, headers: _headers, provider: _protocol, ...asked } = model;
  return { ...(isElsewhere(writer) ? asked : model), ...own, name };
}

/** What was said of a writer for this part of the run. */
export function sayingOf({ options }: Pick<Session, "options">, name: string): WriterConfig {
  return options.writers?.[name] ?? {};
}

/** How a run is driven as far as one of its writers goes. */
export function sessionOfWriter({ writers = {} }: RunSettings, session: Session, name: string): Session {
  const { concurrency, price, headers, baseUrl } = sayingOf(session, name);
  const { baseUrl: ofAll, ...others } = session;
  const address = baseUrl ?? (isElsewhere(writers[name] ?? {}) ? undefined : ofAll);
  const { price: _ofAll, ...options } = session.options;
  return {
    ...others,
    options: {
      ...options,
      ...(concurrency === undefined ? {} : { concurrency }),
      ...(price === undefined ? {} : { price }),
    },
    headers: { ...session.headers, ...lowered(headers) },
    ...(address === undefined ? {} : { baseUrl: address }),
  };
}

/** What a command that resumes must be given again of writers: see `givenAgain`. Headers stand in a config file. */
export function writersAgain({ writers = {} }: RunSettings, session: Pick<Session, "options">): string {
  return Object.entries(writers)
    .flatMap(([name, saved]) => {
      const { baseUrl } = sayingOf(session, name);
      const moved = baseUrl !== undefined && baseUrl !== saved.baseUrl ? [`base-url=${baseUrl}`] : [];
      const hasOwnKey = saved.baseUrl !== undefined && saved.apiKeyEnv !== undefined;
      const words = [...moved, ...(hasOwnKey ? [`api-key-env=${saved.apiKeyEnv}`] : [])];
      return words.length === 0 ? [] : [` --writer ${shellWord([name, ...words].join(" "))}`];
    })
    .join("");
}
