import type { Script } from "../script.ts";

/** An example world: find out a fact in several documents and report it in a special format. */
export const mapRoom: Script = {
  thought:
    "The persona answers visitors' questions about old maps, so the world is the map room of a county archive. The task is to find out in which year a village got its bridge and who paid for it. The two facts are in different documents, one of them in a closed cabinet, and a leaflet gives a wrong year, so the player has to read critically. The answer is free text, so the answering action has a special format.",
  initialState:
    "The archive has just opened. The player stands at the reading desk. A visitor wants to know in which year the village of Ostermark got its stone bridge and who paid for it.",
  placesAndObjects: {
    "reading desk": {
      information: "A desk with a lamp. A tourist leaflet lies on it.",
      "tourist leaflet": {
        information: "It says: 'The old bridge of Ostermark was built around 1790.' No source is given.",
        truth: "the year is wrong",
        location: "on the reading desk",
      },
    },
    "map cabinet": {
      information: "Inside are a survey map and a sea chart.",
      state: "closed when the game begins",
      location: "at the north wall",
      "survey map": {
        information: "A map of 1812. Beside the river at Ostermark someone has written 'pons lapideus 1804'.",
        location: "in the map cabinet",
      },
      "sea chart": {
        information: "A chart of the coast. Ostermark is not on it.",
        location: "in the map cabinet",
      },
    },
    "ledger shelf": {
      information: "It holds the parish ledger and the market ledger.",
      location: "by the window",
      "parish ledger": {
        information:
          "An entry of 1804 reads: 'For the stone bridge, four hundred thalers, given whole by the miller Anna Reuter.'",
        location: "on the ledger shelf",
      },
      "market ledger": {
        information: "It lists the stalls of 1804 and their rents.",
        location: "on the ledger shelf",
      },
    },
    "relative location": [
      "The map cabinet and the ledger shelf stand on opposite sides of the reading desk.",
    ],
  },
  player: "The player can read what is in front of him or her and has one attempt at the answer.",
  goal: "Find out in which year Ostermark got its stone bridge and who paid for it, and give the answer to the visitor.",
  completionConditions: [
    "The player has given the answer that the bridge was built in 1804 and that Anna Reuter paid for it.",
  ],
  actions: [
    {
      name: "walk to {place}",
      description: "Walk to another part of the map room.",
      pattern: "walk to (?P<place>reading desk|map cabinet|ledger shelf)",
      parameters: [{ name: "place", values: ["reading desk", "map cabinet", "ledger shelf"] }],
    },
    {
      name: "open {furniture}",
      description: "Open a piece of furniture in front of you.",
      pattern: "open (?P<furniture>[a-z ]+)",
      parameters: [{ name: "furniture", values: ["map cabinet"] }],
    },
    {
      name: "read {document}",
      description: "Read a document that is within reach.",
      pattern: "read (?P<document>[a-z ]+)",
      parameters: [
        {
          name: "document",
          values: ["tourist leaflet", "survey map", "sea chart", "parish ledger", "market ledger"],
        },
      ],
    },
    {
      name: "answer: {text}",
      description: "Tell the visitor your answer. This can be done once.",
      specialFormat: "answer: <the year>, <the full name of the person who paid>",
      pattern: "answer: (?P<text>.+)",
      parameters: [],
    },
  ],
};
