import { examples } from "../prompt.ts";
import type { Script } from "../script.ts";
import { scriptFromWire } from "../wire.ts";

/** The script of a world among the prompt's examples. */
function world(place: number): Script {
  const script = scriptFromWire(examples().worlds[place]?.script);
  if (!("goal" in script)) throw new Error(`data/examples.json: world ${place}: ${JSON.stringify(script)}`);
  return script;
}

/** Fetch the right part and put it in, among parts that do not serve. */
export const lighthouse: Script = world(0);
/** Find out a fact in several documents and report it in a special format. */
export const mapRoom: Script = world(1);
/** A procedure whose parts must be done in order, with the order written down somewhere. */
export const bakery: Script = world(2);
