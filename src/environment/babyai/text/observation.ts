import type { SeenThing, Sight } from "./sight.ts";

function place({ ahead, right }: SeenThing): string {
  if (right === 0) return `right in front of you ${ahead} steps away. `;
  const side = right > 0 ? "right" : "left";
  return `${ahead} steps in front of you and ${Math.abs(right)} steps to your ${side}. `;
}

/** The observation in AgentBoard's words, with its blanks. */
export function observationText({ things, anything, barrier, carrying }: Sight): string {
  const seen = things.map((thing) => `There is a ${thing.name} ${thing.index} ${place(thing)} `).join("");
  const objects = anything
    ? `In front of you in this room, you can see several objects: ${seen}`
    : "You cannot see any objects within sight.";
  const facing =
    barrier === undefined ? "" : `You are facing a ${barrier.name} ${barrier.ahead} steps away. `;
  const hands =
    carrying === undefined ? "You are not carrying anything." : `You are carrying a ${carrying.name}.`;
  return `${objects}The room has walls around you. ${facing}${hands}`;
}
