import type { Guide } from "../guide.ts";
import { createAlfworldWorld } from "./alfworld-world.ts";
import { openGame } from "./games.ts";
import { householdDomain, householdGrammar } from "./household/make-household.ts";
import { scoreByGoal } from "./scoring.ts";

/** A cup to be warmed: it lies behind a door, and the microwave stands elsewhere. */
const EXAMPLE_PROBLEM = `(define (problem example) (:domain household)
  (:objects agent1 - agent loc_bar_0 loc_bar_1 loc_bar_2 loc_bar_3 loc_bar_4 - location
    cabinet_bar_1 cabinet_bar_2 microwave_bar_1 coffeetable_bar_1 - receptacle
    cup_bar_1 vase_bar_1 - object cup vase cabinet microwave coffeetable - kind)
  (:init (at agent1 loc_bar_0)
    (stands cabinet_bar_1 loc_bar_1) (sort cabinet_bar_1 cabinet) (lidded cabinet_bar_1)
    (stands cabinet_bar_2 loc_bar_2) (sort cabinet_bar_2 cabinet) (lidded cabinet_bar_2)
    (stands microwave_bar_1 loc_bar_3) (sort microwave_bar_1 microwave) (lidded microwave_bar_1) (heats microwave_bar_1)
    (stands coffeetable_bar_1 loc_bar_4) (sort coffeetable_bar_1 coffeetable)
    (in cup_bar_1 cabinet_bar_1) (of cup_bar_1 cup) (portable cup_bar_1) (heatable cup_bar_1)
    (in vase_bar_1 coffeetable_bar_1) (of vase_bar_1 vase) (portable vase_bar_1)
    (fits cup cabinet) (fits cup coffeetable) (fits cup microwave) (fits vase coffeetable))
  (:goal (exists (?o - object ?r - receptacle)
    (and (of ?o cup) (sort ?r coffeetable) (hot ?o) (in ?o ?r)))))`;

/** What players of ALFWorld are told; the words are ours, the actions are those that the games understand. */
export const ALFWORLD_GUIDE: Guide = {
  world:
    "A home with furniture, appliances and things that lie in or on them. Where you begin you see which places there are, and what is in or on one only when you are there; what is closed shows nothing until it is opened.",
  player:
    "You can be at one place and carry one thing at a time. Places and things are called by kind and number as in the observation, such as cabinet 2 or mug 1. To clean, heat or cool a thing, carry it to a sinkbasin, a microwave or a fridge; it need not be put inside. To look at something under a lamp, carry it to the lamp and use that. Nothing happens means that what you tried cannot be done now, or not in these words.",
  actions: [
    { name: "go to {place}", description: "walk there" },
    { name: "open {place}", description: "open a door, lid or drawer where you are" },
    { name: "close {place}", description: "close it again" },
    { name: "take {object} from {place}", description: "take a thing in your hands" },
    { name: "put {object} in/on {place}", description: "leave what you carry there" },
    { name: "clean {object} with {place}", description: "wash what you carry" },
    { name: "heat {object} with {place}", description: "warm what you carry" },
    { name: "cool {object} with {place}", description: "chill what you carry" },
    { name: "use {object}", description: "switch on a lamp where you are" },
    { name: "slice {object} with {knife}", description: "cut a thing with the knife that you carry" },
    { name: "examine {something}", description: "look at a place where you are, or at what you carry" },
    { name: "inventory", description: "see what you carry" },
    {
      name: "look",
      description: "be told again what you saw last when you went somewhere or opened something",
    },
    { name: "check valid actions", description: "list what can be done now; costs a turn" },
  ],
  example: {
    createWorld: () =>
      createAlfworldWorld(
        openGame(
          {
            pddl_domain: householdDomain(),
            pddl_problem: EXAMPLE_PROBLEM,
            grammar: householdGrammar().replace("TASK", "bring a heated cup to the coffeetable"),
          },
          "agentboard",
        ),
        scoreByGoal,
      ),
    turns: [
      {
        thought: "I need a cup, warm it and bring it to the coffeetable. Cups are often kept in cabinets.",
        action: "go to cabinet 1",
      },
      { thought: "It is closed, so I have to open it to see what is inside.", action: "open cabinet 1" },
      { thought: "There is no cup here. I try the other cabinet.", action: "take cup 1 from cabinet 2" },
      {
        thought: "Nothing happened: I am still at cabinet 1, and must be where I want to take from.",
        action: "go to cabinet 2",
      },
      { thought: "It is closed as well.", action: "open cabinet 2" },
      { thought: "There is the cup.", action: "take cup 1 from cabinet 2" },
      { thought: "Next I warm it.", action: "go to microwave 1" },
      { thought: "I can heat what I carry right here.", action: "heat cup 1 with microwave 1" },
      { thought: "Now it goes to the coffeetable.", action: "go to coffeetable 1" },
      { thought: "I put the warm cup down, and am done.", action: "put cup 1 in/on coffeetable 1" },
    ],
  },
};
