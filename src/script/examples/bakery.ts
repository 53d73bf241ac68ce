import type { Script } from "../script.ts";

/** An example world: a procedure whose parts must be done in order, with the order written down somewhere. */
export const bakery: Script = {
  thought:
    "The persona bakes at night for a street market, so the world is a small bakehouse. The task is an ordered procedure: prepare the dough, let it rise, heat the oven, bake. The recipe card gives the order and the temperature. Baking powder and salt water stand near the yeast, and a cold oven or an unrisen dough invite mistakes.",
  initialState:
    "It is three in the morning. The player is in the bakehouse at the kneading table. The oven is off. The mixing bowl on the kneading table holds flour and water.",
  placesAndObjects: {
    bakehouse: {
      information: "A kneading table, a shelf, a warm cupboard and an oven with a dial.",
      "kneading table": {
        information: "The mixing bowl and a recipe card are on it.",
        "mixing bowl": { information: "It holds flour and water.", location: "on the kneading table" },
        "recipe card": {
          information:
            "It says: 'Yeast into the bowl, then knead. Let it rise in the warm cupboard. Only bake in an oven at 230 degrees.'",
          location: "on the kneading table",
        },
      },
      shelf: {
        information: "Three jars: yeast, baking powder and salt water.",
        yeast: { information: "Fresh, with a sour smell.", location: "on the shelf" },
        "baking powder": {
          information: "White and dry.",
          effect: "spoils this dough when added",
          location: "on the shelf",
        },
        "salt water": { information: "A jar for washing olives.", location: "on the shelf" },
      },
      "warm cupboard": { information: "It is empty and pleasantly warm.", location: "beside the oven" },
      oven: {
        information: "The dial can be set to 120, 180 or 230 degrees.",
        state: "off when the game begins",
        rule: "the dough may only go in when the dial is at 230 and the dough has risen",
      },
      "relative location": ["The shelf hangs above the kneading table.", "The oven is opposite the table."],
    },
  },
  player: "The player has two hands and can reach everything in the bakehouse.",
  goal: "Bake the bread according to the recipe card.",
  completionConditions: [
    "Yeast was added to the mixing bowl and the dough was kneaded.",
    "The dough has risen in the warm cupboard.",
    "The dough was put into the oven while the dial was at 230 degrees.",
  ],
  actions: [
    {
      name: "look at {thing}",
      description: "Look at a thing or read it.",
      pattern: "look at (?P<thing>[a-z ]+)",
      parameters: [
        {
          name: "thing",
          values: [
            "kneading table",
            "mixing bowl",
            "recipe card",
            "shelf",
            "yeast",
            "baking powder",
            "salt water",
            "warm cupboard",
            "oven",
          ],
        },
      ],
    },
    {
      name: "add {ingredient} to the mixing bowl",
      description: "Add an ingredient to the mixing bowl.",
      pattern: "add (?P<ingredient>yeast|baking powder|salt water) to the mixing bowl",
      parameters: [{ name: "ingredient", values: ["yeast", "baking powder", "salt water"] }],
    },
    {
      name: "knead the dough",
      description: "Knead what is in the mixing bowl.",
      pattern: "knead the dough",
      parameters: [],
    },
    {
      name: "put the dough into {place}",
      description: "Carry the dough to another place. In the warm cupboard it rises at once.",
      pattern: "put the dough into (?P<place>[a-z ]+)",
      parameters: [{ name: "place", values: ["mixing bowl", "warm cupboard", "oven"] }],
    },
    {
      name: "set the dial to {degrees}",
      description: "Set the dial of the oven.",
      pattern: "set the dial to (?P<degrees>\\d+)",
      parameters: [{ name: "degrees", values: ["120", "180", "230"] }],
    },
  ],
};
