import { dollars, share, wholeNumber } from "../../numbers.ts";
import type { TrajectoryView } from "../read-run.ts";
import { Line } from "./text.tsx";

type Calls = TrajectoryView["calls"];
type Call = Calls["answered"][number];

function priceWords(cost: number | null): string {
  if (cost === null) return "price unknown";
  return cost === 0 ? "" : dollars(cost);
}

function tokenWords(call: Call): string {
  const { promptTokens, cachedTokens, completionTokens, isEstimated } = call;
  const cached = cachedTokens > 0 ? ` (${share(cachedTokens, promptTokens)} cached)` : "";
  const estimated = isEstimated ? ", estimated" : "";
  return `${wholeNumber(promptTokens)}${cached} in, ${wholeNumber(completionTokens)} out${estimated}`;
}

/** How much of a reply was kept, as a bar with a cut. */
function KeptBar({ call }: { readonly call: Call }) {
  const kept = 100 * call.kept;
  return (
    <svg
      class="kept"
      height="10"
      role="img"
      aria-label={`${Math.round(kept)} % of the reply before its fault`}
    >
      <rect class="all" width="100%" height="10" rx="2" />
      <rect class="good" width={`${kept.toFixed(2)}%`} height="10" rx="2" />
    </svg>
  );
}

/** The calls of a persona: what each was for, what it bought and cost, what was wrong with it and why it ended. */
export function Calls(props: { readonly calls: Calls; readonly href: (call: number) => string }) {
  const { answered, broken } = props.calls;
  return (
    <ol class="calls">
      {answered.map((call) => (
        <li class={call.fault === null ? "call" : "call bad"}>
          <a href={props.href(call.call)}>
            call {call.call}, {call.purpose}
            {call.model === undefined ? null : <Line text={` by ${call.model}`} />}
          </a>
          <KeptBar call={call} />
          <span class="soft">
            {tokenWords(call)} {priceWords(call.cost)}
          </span>
          <span class="why">
            {call.fault === null ? (
              <span class="soft">no fault;</span>
            ) : (
              <span class="problem">
                <Line text={call.fault} />
              </span>
            )}
            <span class="soft"> {call.ending}</span>
          </span>
        </li>
      ))}
      {broken.map(({ call, problem, cost }) => (
        <li class="call bad">
          <span>call {call}, without a reply</span>
          <span class="problem">
            <Line text={problem} />
          </span>
          <span class="soft">{priceWords(cost)}</span>
        </li>
      ))}
    </ol>
  );
}
