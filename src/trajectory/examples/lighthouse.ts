import type { DungeonMasterTurn, PlayerTurn, Turn } from "../trajectory.ts";

const fine = { parameterError: false, placeError: false, logicError: false, finished: false };

function master(
  thought: string,
  observation: string,
  progressRate: number,
  flags: Partial<DungeonMasterTurn> = {},
): DungeonMasterTurn {
  return { role: "DM", thought, observation, progressRate, ...fine, ...flags };
}

function player(thought: string, action: string): PlayerTurn {
  return { role: "Player", thought, action };
}

/** An example trajectory in the example script of the same name, with an error of each kind. */
export const lighthouseTurns: readonly Turn[] = [
  master(
    "The game begins. The player only knows the goal and sees the ground floor. The locker is closed, so I must not say what is in it.",
    "You are on the ground floor of the lighthouse, a round room with a workbench and a metal locker beside the staircase to the lantern room. An oil can and a wire brush lie on the workbench. The locker is closed. Answer in the form 'Thought: ...' and 'Action: ...'.",
    0,
  ),
  player(
    "I need the spare lamp. There is none on the workbench, so the closed locker is the likely place.",
    "open locker",
  ),
  master(
    "The locker is in this room and closed, so it opens. Now the player sees the two lamps.",
    "You open the locker. A spare lamp and a cracked lamp stand inside.",
    0.1,
  ),
  player(
    "There are two lamps. The cracked one may not last, so I take the spare one.",
    "take spare bulb from locker",
  ),
  master(
    "The action has the form of 'take', but there is no 'spare bulb' among the parameters. This is a parameter error and nothing changes.",
    "There is no spare bulb here. The locker holds a spare lamp and a cracked lamp.",
    0.1,
    { parameterError: true },
  ),
  player(
    "I used the wrong name: it is called a spare lamp. I take it under that name.",
    "take spare lamp from locker",
  ),
  master(
    "The locker is open and the player carries nothing, so this works.",
    "You take the spare lamp. Its filament and its glass are whole.",
    0.3,
  ),
  player("Now the lamp has to go into the lamp socket.", "put spare lamp in lamp socket"),
  master(
    "The lamp socket is in the lantern room, but the player is still on the ground floor. This is a place error.",
    "You cannot reach the lamp socket from the ground floor. It is up in the lantern room.",
    0.3,
    { placeError: true },
  ),
  player(
    "I forgot that I am still downstairs. I have to climb to the lantern room before I can use the socket.",
    "go to lantern room",
  ),
  master(
    "The staircase leads up. In the lantern room the player sees the socket with the burnt lamp and the control panel.",
    "You climb the staircase to the lantern room. A burnt lamp is screwed into the lamp socket in the middle of the lens. There is a control panel by the door.",
    0.5,
  ),
  player("I am at the socket now, so I put the spare lamp in.", "put spare lamp in lamp socket"),
  master(
    "The socket holds one lamp at a time and the burnt lamp is still in it. The action is allowed and at the right place, but it changes nothing: a logic error.",
    "The spare lamp does not go in: the burnt lamp is still in the socket.",
    0.5,
    { logicError: true },
  ),
  player(
    "The burnt lamp blocks the socket and I can only carry one object. I put the spare lamp down first to have my hands free.",
    "drop spare lamp",
  ),
  master("Dropping is always possible.", "You lay the spare lamp on the floor of the lantern room.", 0.5),
  player("With free hands I can take the burnt lamp out.", "take burnt lamp from lamp socket"),
  master(
    "The player carries nothing and is in the lantern room, so the burnt lamp comes out.",
    "You unscrew the burnt lamp. The lamp socket is empty.",
    0.6,
  ),
  player("Now I carry the burnt lamp. I lay it down to pick up the spare one.", "drop burnt lamp"),
  master(
    "That works. The socket stays empty.",
    "You lay the burnt lamp on the floor beside the spare lamp.",
    0.7,
  ),
  player(
    "The socket is empty and the spare lamp is at hand, so I put it in.",
    "put spare lamp in lamp socket",
  ),
  master(
    "The spare lamp lies on the floor within reach and the socket is empty, so the player picks it up and screws it in.",
    "You pick up the spare lamp and screw it into the lamp socket.",
    0.9,
  ),
  player("The spare lamp is in its place. What is left is the light.", "switch on the light"),
  master(
    "The spare lamp is in the socket and the player is in the lantern room, where the switch is. Both conditions hold, so the task is finished.",
    "You press the switch. The beacon lights up and its beam sweeps over the sea. Task Succeed.",
    1,
    { finished: true },
  ),
];

/** The same game as a player plays it who makes no error. */
export const lighthouseTurnsWithoutErrors: readonly Turn[] = [
  ...lighthouseTurns.slice(0, 3),
  player(
    "There are two lamps. The cracked one may not last, so I take the spare one.",
    "take spare lamp from locker",
  ),
  ...lighthouseTurns.slice(6, 7),
  player("The lamp socket is in the lantern room, so I climb up there with the lamp.", "go to lantern room"),
  ...lighthouseTurns.slice(10, 11),
  player(
    "The burnt lamp is still in the socket and I can only carry one object. I put the spare lamp down first to have my hands free.",
    "drop spare lamp",
  ),
  ...lighthouseTurns.slice(14),
];
