import { dollars, wholeNumber } from "../../numbers.ts";
import { link } from "../link.ts";
import { Layout } from "../parts/layout.tsx";
import { Folded, Line, Prose } from "../parts/text.tsx";
import type { ShownCall } from "../read-calls.ts";
import type { CallView } from "../read-run.ts";

function Prompt({ call: { messages } }: { readonly call: ShownCall }) {
  if (messages === undefined) {
    return (
      <p class="problem">
        The prompt cannot be rebuilt: what this version would ask does not have the hash of what was asked.
      </p>
    );
  }
  return (
    <>
      <p class="soft">Rebuilt, and the same as what was asked: its hash is the one that was kept.</p>
      {messages.map(({ role, content }, place) => (
        <Folded
          title={`${role}, ${wholeNumber(content.length)} characters`}
          isOpen={place === messages.length - 1}
        >
          <Prose class="exact" text={content} />
        </Folded>
      ))}
    </>
  );
}

function Reply({ call: { good, faulty, fault, reasoning, ending } }: { readonly call: ShownCall }) {
  return (
    <>
      {reasoning === undefined ? null : (
        <Folded title={`reasoning, ${wholeNumber(reasoning.length)} characters`}>
          <Prose class="exact" text={reasoning} />
        </Folded>
      )}
      {good === "" ? null : <Prose class="exact good" text={good} />}
      {fault === null ? null : (
        <p class="problem">
          <Line text={fault} />
        </p>
      )}
      {faulty === "" ? null : <Prose class="exact faulty" text={faulty} />}
      <p class="soft">The reply {ending}.</p>
    </>
  );
}

/** A prompt word for word, and what the model wrote, with the place where it went wrong. */
export function CallPage({ view }: { readonly view: CallView }) {
  const { key, shown, id, call, calls, query } = view;
  const { promptTokens, cachedTokens, completionTokens, isEstimated, cost } = call;
  const href = (number: number): string => link(["run", key, id, "call", String(number)], query);
  return (
    <Layout
      title={[`call ${call.call} of ${id.slice(0, 8)}`, shown]}
      crumbs={[
        { text: shown, href: link(["run", key]) },
        { text: "personas", href: link(["run", key, "list"], query) },
        { text: id.slice(0, 8), href: link(["run", key, id], query) },
        { text: `call ${call.call}` },
      ]}
      previous={call.call > 1 ? href(call.call - 1) : undefined}
      next={call.call < calls ? href(call.call + 1) : undefined}
    >
      <h1>
        Call {call.call} of {calls}: the {call.purpose}
        {call.model === undefined ? null : <Line text={` by ${call.model}`} />}
      </h1>
      <p class="sub">
        {wholeNumber(promptTokens)} prompt tokens, {wholeNumber(cachedTokens)} of them cached;{" "}
        {wholeNumber(completionTokens)} completion tokens{isEstimated ? " (estimated)" : ""}
        {cost === null ? "; price unknown" : cost === 0 ? "" : `; ${dollars(cost)}`}
      </p>
      <h2>Prompt</h2>
      <Prompt call={call} />
      <h2>Reply</h2>
      <Reply call={call} />
    </Layout>
  );
}
