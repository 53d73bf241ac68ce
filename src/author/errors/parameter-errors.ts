import { narrateIntention } from "../narrate-intention.ts";
import { formatDeed, readDeed } from "../phrase.ts";
import type { MistakeMaker } from "./mistake.ts";

const OTHER_VERBS: Readonly<Record<string, readonly string[]>> = {
  go: ["run to", "visit", "return to", "proceed to"],
  take: ["fetch", "collect", "lift"],
  put: ["drop", "deposit", "store"],
  open: ["unseal", "pull open", "try"],
  examine: ["check out", "observe", "scan"],
  unlock: ["unbolt", "release"],
  switch: ["activate", "boot", "flip"],
  work: ["treat", "handle", "process"],
  fit: ["attach", "insert", "mend"],
  set: ["activate", "hit", "work"],
};

/** The action with another verb: "fetch blue mug" where the script says "take". */
function otherVerb(
  operation: string,
  names: readonly string[],
  pick: (words: readonly string[]) => string,
): string {
  const verbs = OTHER_VERBS[operation];
  return verbs === undefined ? "" : `${pick(verbs)} ${names[0] ?? ""}`;
}

/** Texts that are near to the intended action and that no pattern accepts with its listed parameters. */
export const parameterErrors: MistakeMaker = ({ world, play, intention, random }) => {
  const { deed, rest, sought } = intention;
  if (deed.operation === "answer" || deed.operation === "look") return [];
  const right = formatDeed(world.wording, deed);
  const [thing = "", other = ""] = deed.names;
  const shortened = thing.includes(" ") && deed.operation !== "go" ? (thing.split(" ").at(-1) ?? "") : "";
  const wrong = [
    otherVerb(deed.operation, deed.names, (verbs) => random.pick(verbs)),
    right.replaceAll(thing, `the ${thing}`),
    shortened === "" ? "" : right.replace(thing, shortened),
    other === "" ? "" : right.slice(0, Math.max(0, right.indexOf(thing) + thing.length)),
    thing === "" ? "" : right.replace(thing, `${thing}s`),
    // Whoever is still searching does not know yet what comes next.
    rest[0] === undefined || sought !== undefined ? "" : `${right} and ${formatDeed(world.wording, rest[0])}`,
  ];
  return wrong
    .filter((text) => text.trim() !== "" && text !== right && readDeed(world.wording, text) === undefined)
    .map((action) => ({ action, thought: narrateIntention(world, play, intention, random) }));
};
