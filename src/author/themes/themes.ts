import type { Theme } from "../theme.ts";
import { animalShelter } from "./animal-shelter.ts";
import { bakery } from "./bakery.ts";
import { courthouse } from "./courthouse.ts";
import { dataCentre } from "./data-centre.ts";
import { garden } from "./garden.ts";
import { harbour } from "./harbour.ts";
import { hospital } from "./hospital.ts";
import { hotel } from "./hotel.ts";
import { laboratory } from "./laboratory.ts";
import { library } from "./library.ts";
import { museum } from "./museum.ts";
import { newsroom } from "./newsroom.ts";
import { observatory } from "./observatory.ts";
import { railway } from "./railway.ts";
import { school } from "./school.ts";
import { sportsClub } from "./sports-club.ts";
import { theatre } from "./theatre.ts";
import { workshop } from "./workshop.ts";

/** Every theme. */
export const THEMES: readonly Theme[] = [
  animalShelter,
  bakery,
  courthouse,
  dataCentre,
  garden,
  harbour,
  hospital,
  hotel,
  laboratory,
  library,
  museum,
  newsroom,
  observatory,
  railway,
  school,
  sportsClub,
  theatre,
  workshop,
];
