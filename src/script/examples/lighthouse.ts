import type { Script } from "../script.ts";

/** An example world: fetch the right part and put it in, among parts that do not serve. */
export const lighthouse: Script = {
  thought:
    "The persona keeps a lighthouse, so the world is a small lighthouse with two floors. The task is to bring the beacon back to light: the right lamp has to be found, carried up and put into the socket, which is still blocked by the burnt one. A cracked lamp, an oil can and a wire brush are there to mislead the player, and the closed locker and the blocked socket make mistakes likely.",
  initialState:
    "It is an hour before dusk. The player stands on the ground floor of the lighthouse. The beacon in the lantern room is dark.",
  placesAndObjects: {
    "ground floor": {
      information:
        "A round room with a workbench and a metal locker. A staircase leads up to the lantern room.",
      workbench: {
        information: "An oil can and a wire brush lie on it.",
        location: "under the window",
        "oil can": { information: "It is half full.", location: "on the workbench" },
        "wire brush": { information: "Its bristles are worn.", location: "on the workbench" },
      },
      locker: {
        information: "A spare lamp and a cracked lamp stand inside.",
        state: "closed when the game begins",
        location: "beside the staircase",
        "spare lamp": { information: "Its filament and its glass are whole.", location: "in the locker" },
        "cracked lamp": {
          information: "A hairline crack runs through the glass.",
          consequence: "it bursts when the light is switched on, so it does not complete the task",
          location: "in the locker",
        },
      },
      "relative location": ["The locker stands to the right of the workbench."],
    },
    "lantern room": {
      information:
        "A glass room with a lamp socket in the middle of the great lens and a control panel by the door.",
      "lamp socket": {
        information: "A burnt lamp is screwed into it.",
        rule: "it holds one lamp at a time",
        location: "in the middle of the lens",
        "burnt lamp": { information: "Its filament is broken.", location: "in the lamp socket" },
      },
      "control panel": { information: "It has one switch, for the light.", location: "by the door" },
    },
    "relative location": ["The lantern room is above the ground floor."],
  },
  player:
    "The player can carry one object at a time and can only reach things in the room where he or she is.",
  goal: "Replace the burnt lamp in the lamp socket with the spare lamp and switch on the light.",
  completionConditions: [
    "The spare lamp is in the lamp socket.",
    "The light has been switched on after that.",
  ],
  actions: [
    {
      name: "go to {place}",
      description: "Walk to another room.",
      pattern: "go to (?P<place>[a-z ]+)",
      parameters: [{ name: "place", values: ["ground floor", "lantern room"] }],
    },
    {
      name: "open {container}",
      description: "Open a closed container and see what is inside.",
      pattern: "open (?P<container>[a-z ]+)",
      parameters: [{ name: "container", values: ["locker"] }],
    },
    {
      name: "examine {object}",
      description: "Look at something closely.",
      pattern: "examine (?P<object>[a-z ]+)",
      parameters: [
        {
          name: "object",
          values: [
            "workbench",
            "locker",
            "oil can",
            "wire brush",
            "spare lamp",
            "cracked lamp",
            "lamp socket",
            "burnt lamp",
            "control panel",
          ],
        },
      ],
    },
    {
      name: "take {object} from {container}",
      description: "Pick up an object.",
      pattern: "take (?P<object>[a-z ]+) from (?P<container>[a-z ]+)",
      parameters: [
        { name: "object", values: ["oil can", "wire brush", "spare lamp", "cracked lamp", "burnt lamp"] },
        { name: "container", values: ["workbench", "locker", "lamp socket"] },
      ],
    },
    {
      name: "put {object} in {container}",
      description: "Put down the object that you carry.",
      pattern: "put (?P<object>[a-z ]+) in (?P<container>[a-z ]+)",
      parameters: [
        { name: "object", values: ["oil can", "wire brush", "spare lamp", "cracked lamp", "burnt lamp"] },
        { name: "container", values: ["workbench", "locker", "lamp socket"] },
      ],
    },
    {
      name: "drop {object}",
      description: "Leave the object that you carry on the floor of the room.",
      pattern: "drop (?P<object>[a-z ]+)",
      parameters: [
        { name: "object", values: ["oil can", "wire brush", "spare lamp", "cracked lamp", "burnt lamp"] },
      ],
    },
    {
      name: "switch on the light",
      description: "Press the switch on the control panel.",
      pattern: "switch on the light",
      parameters: [],
    },
  ],
};
