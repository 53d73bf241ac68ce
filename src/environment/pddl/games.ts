import { type Domain, parseDomain } from "../../pddl/domain.ts";

/** The four games, by the names that AgentBoard gives them. */
export type GameName = "gripper" | "blockworld" | "barman" | "tyreworld";

/** One PDDL domain and how AgentBoard shows it. */
export interface Game {
  readonly name: GameName;
  readonly domain: Domain;
  /** An observation after an action tells only what has become true; `look around` is listed to make up for it. */
  readonly tellsOnlyChanges: boolean;
}

/** A robot with two grippers carries balls from room to room. Untyped: kinds are told by predicates. */
export const GRIPPER: Game = {
  name: "gripper",
  tellsOnlyChanges: false,
  domain: parseDomain(`
(define (domain gripper)
  (:requirements :strips)
  (:predicates
    (room ?r) (ball ?b) (gripper ?g)
    (at-robby ?r) (at ?b ?r) (free ?g) (carry ?b ?g))
  (:action move
    :parameters (?here ?there)
    :precondition (and (at-robby ?here) (room ?here) (room ?there))
    :effect (and (not (at-robby ?here)) (at-robby ?there)))
  (:action pick
    :parameters (?b ?r ?g)
    :precondition (and (ball ?b) (gripper ?g) (free ?g) (room ?r) (at-robby ?r) (at ?b ?r))
    :effect (and (not (free ?g)) (not (at ?b ?r)) (carry ?b ?g)))
  (:action drop
    :parameters (?b ?r ?g)
    :precondition (and (ball ?b) (gripper ?g) (carry ?b ?g) (room ?r) (at-robby ?r))
    :effect (and (not (carry ?b ?g)) (free ?g) (at ?b ?r))))
`),
};

/** An arm builds towers of blocks on a table. */
export const BLOCKWORLD: Game = {
  name: "blockworld",
  tellsOnlyChanges: false,
  domain: parseDomain(`
(define (domain blockworld)
  (:requirements :strips)
  (:predicates (on ?upper ?lower) (on-table ?b) (clear ?b) (holding ?b) (arm-empty))
  (:action pickup
    :parameters (?b)
    :precondition (and (arm-empty) (on-table ?b) (clear ?b))
    :effect (and (not (arm-empty)) (not (on-table ?b)) (not (clear ?b)) (holding ?b)))
  (:action putdown
    :parameters (?b)
    :precondition (holding ?b)
    :effect (and (not (holding ?b)) (arm-empty) (on-table ?b) (clear ?b)))
  (:action stack
    :parameters (?upper ?lower)
    :precondition (and (holding ?upper) (clear ?lower))
    :effect (and (not (holding ?upper)) (not (clear ?lower)) (arm-empty) (clear ?upper) (on ?upper ?lower)))
  (:action unstack
    :parameters (?upper ?lower)
    :precondition (and (arm-empty) (clear ?upper) (on ?upper ?lower))
    :effect (and (not (arm-empty)) (not (clear ?upper)) (not (on ?upper ?lower))
                 (holding ?upper) (clear ?lower))))
`),
};

/** A robot with two hands mixes cocktails of two ingredients in a shaker and serves them in shot glasses. */
export const BARMAN: Game = {
  name: "barman",
  tellsOnlyChanges: true,
  domain: parseDomain(`
(define (domain barman)
  (:requirements :strips :typing)
  (:types
    hand level dispenser beverage container - object
    ingredient cocktail - beverage
    shot shaker - container)
  (:predicates
    (ontable ?c - container) (holding ?h - hand ?c - container) (handempty ?h - hand)
    (empty ?c - container) (clean ?c - container)
    (contains ?c - container ?b - beverage) (used ?c - container ?b - beverage)
    (dispenses ?d - dispenser ?i - ingredient)
    (shaker-level ?s - shaker ?l - level) (shaker-empty-level ?s - shaker ?l - level)
    (next ?lower - level ?upper - level) (unshaked ?s - shaker) (shaked ?s - shaker)
    (cocktail-part1 ?c - cocktail ?i - ingredient) (cocktail-part2 ?c - cocktail ?i - ingredient))
  (:action grasp
    :parameters (?h - hand ?c - container)
    :precondition (and (handempty ?h) (ontable ?c))
    :effect (and (not (handempty ?h)) (not (ontable ?c)) (holding ?h ?c)))
  (:action leave
    :parameters (?h - hand ?c - container)
    :precondition (holding ?h ?c)
    :effect (and (not (holding ?h ?c)) (handempty ?h) (ontable ?c)))
  (:action fill-shot
    :parameters (?g - shot ?i - ingredient ?h ?other - hand ?d - dispenser)
    :precondition (and (holding ?h ?g) (handempty ?other) (dispenses ?d ?i) (empty ?g) (clean ?g))
    :effect (and (not (empty ?g)) (not (clean ?g)) (contains ?g ?i) (used ?g ?i)))
  (:action refill-shot
    :parameters (?g - shot ?i - ingredient ?h ?other - hand ?d - dispenser)
    :precondition (and (holding ?h ?g) (handempty ?other) (dispenses ?d ?i) (empty ?g) (used ?g ?i))
    :effect (and (not (empty ?g)) (contains ?g ?i)))
  (:action empty-shot
    :parameters (?h - hand ?g - shot ?b - beverage)
    :precondition (and (holding ?h ?g) (contains ?g ?b))
    :effect (and (not (contains ?g ?b)) (empty ?g)))
  (:action clean-shot
    :parameters (?g - shot ?b - beverage ?h ?other - hand)
    :precondition (and (holding ?h ?g) (handempty ?other) (empty ?g) (used ?g ?b))
    :effect (and (not (used ?g ?b)) (clean ?g)))
  (:action pour-shot-to-clean-shaker
    :parameters (?g - shot ?i - ingredient ?s - shaker ?h - hand ?from ?to - level)
    :precondition (and (holding ?h ?g) (contains ?g ?i) (empty ?s) (clean ?s)
                       (shaker-level ?s ?from) (next ?from ?to))
    :effect (and (not (contains ?g ?i)) (empty ?g) (not (empty ?s)) (not (clean ?s))
                 (contains ?s ?i) (unshaked ?s) (not (shaker-level ?s ?from)) (shaker-level ?s ?to)))
  (:action pour-shot-to-used-shaker
    :parameters (?g - shot ?i - ingredient ?s - shaker ?h - hand ?from ?to - level)
    :precondition (and (holding ?h ?g) (contains ?g ?i) (unshaked ?s)
                       (shaker-level ?s ?from) (next ?from ?to))
    :effect (and (not (contains ?g ?i)) (empty ?g) (contains ?s ?i)
                 (not (shaker-level ?s ?from)) (shaker-level ?s ?to)))
  (:action empty-shaker
    :parameters (?h - hand ?s - shaker ?c - cocktail ?from ?to - level)
    :precondition (and (holding ?h ?s) (contains ?s ?c) (shaked ?s)
                       (shaker-level ?s ?from) (shaker-empty-level ?s ?to))
    :effect (and (not (shaked ?s)) (not (contains ?s ?c)) (empty ?s)
                 (not (shaker-level ?s ?from)) (shaker-level ?s ?to)))
  (:action clean-shaker
    :parameters (?h ?other - hand ?s - shaker)
    :precondition (and (holding ?h ?s) (handempty ?other) (empty ?s))
    :effect (clean ?s))
  (:action shake
    :parameters (?c - cocktail ?first ?second - ingredient ?s - shaker ?h ?other - hand)
    :precondition (and (holding ?h ?s) (handempty ?other) (unshaked ?s)
                       (contains ?s ?first) (contains ?s ?second)
                       (cocktail-part1 ?c ?first) (cocktail-part2 ?c ?second))
    :effect (and (not (unshaked ?s)) (shaked ?s)
                 (not (contains ?s ?first)) (not (contains ?s ?second)) (contains ?s ?c)))
  (:action pour-shaker-to-shot
    :parameters (?b - beverage ?g - shot ?h - hand ?s - shaker ?from ?to - level)
    :precondition (and (holding ?h ?s) (shaked ?s) (contains ?s ?b) (empty ?g) (clean ?g)
                       (shaker-level ?s ?from) (next ?to ?from))
    :effect (and (not (empty ?g)) (not (clean ?g)) (contains ?g ?b)
                 (not (shaker-level ?s ?from)) (shaker-level ?s ?to))))
`),
};

/** Flat wheels are replaced by intact ones, with the tools from the boot. The nuts of one hub count as one. */
export const TYREWORLD: Game = {
  name: "tyreworld",
  tellsOnlyChanges: true,
  domain: parseDomain(`
(define (domain tyreworld)
  (:requirements :strips :typing)
  (:types
    container hub obj - object
    tool wheel nut - obj)
  (:constants wrench jack pump - tool)
  (:predicates
    (isopen ?c - container) (closed ?c - container) (unlocked ?c - container)
    (in ?o - obj ?c - container) (have ?o - obj)
    (tight ?n - nut ?h - hub) (loose ?n - nut ?h - hub)
    (fastened ?h - hub) (unfastened ?h - hub)
    (on-ground ?h - hub) (not-on-ground ?h - hub)
    (on ?w - wheel ?h - hub) (free ?h - hub)
    (inflated ?w - wheel) (not-inflated ?w - wheel) (intact ?w - wheel))
  (:action open
    :parameters (?c - container)
    :precondition (and (closed ?c) (unlocked ?c))
    :effect (and (not (closed ?c)) (isopen ?c)))
  (:action close
    :parameters (?c - container)
    :precondition (isopen ?c)
    :effect (and (not (isopen ?c)) (closed ?c)))
  (:action fetch
    :parameters (?o - obj ?c - container)
    :precondition (and (isopen ?c) (in ?o ?c))
    :effect (and (not (in ?o ?c)) (have ?o)))
  (:action put-away
    :parameters (?o - obj ?c - container)
    :precondition (and (isopen ?c) (have ?o))
    :effect (and (not (have ?o)) (in ?o ?c)))
  (:action loosen
    :parameters (?n - nut ?h - hub)
    :precondition (and (on-ground ?h) (tight ?n ?h) (have wrench))
    :effect (and (not (tight ?n ?h)) (loose ?n ?h)))
  (:action tighten
    :parameters (?n - nut ?h - hub)
    :precondition (and (on-ground ?h) (loose ?n ?h) (have wrench))
    :effect (and (not (loose ?n ?h)) (tight ?n ?h)))
  (:action jack-up
    :parameters (?h - hub)
    :precondition (and (on-ground ?h) (have jack))
    :effect (and (not (on-ground ?h)) (not (have jack)) (not-on-ground ?h)))
  (:action jack-down
    :parameters (?h - hub)
    :precondition (not-on-ground ?h)
    :effect (and (not (not-on-ground ?h)) (on-ground ?h) (have jack)))
  (:action undo
    :parameters (?n - nut ?h - hub)
    :precondition (and (not-on-ground ?h) (fastened ?h) (loose ?n ?h) (have wrench))
    :effect (and (not (fastened ?h)) (not (loose ?n ?h)) (unfastened ?h) (have ?n)))
  (:action do-up
    :parameters (?n - nut ?h - hub)
    :precondition (and (not-on-ground ?h) (unfastened ?h) (have ?n) (have wrench))
    :effect (and (not (unfastened ?h)) (not (have ?n)) (fastened ?h) (loose ?n ?h)))
  (:action remove-wheel
    :parameters (?w - wheel ?h - hub)
    :precondition (and (not-on-ground ?h) (unfastened ?h) (on ?w ?h))
    :effect (and (not (on ?w ?h)) (free ?h) (have ?w)))
  (:action put-on-wheel
    :parameters (?w - wheel ?h - hub)
    :precondition (and (not-on-ground ?h) (unfastened ?h) (free ?h) (have ?w))
    :effect (and (not (free ?h)) (not (have ?w)) (on ?w ?h)))
  (:action inflate
    :parameters (?w - wheel)
    :precondition (and (intact ?w) (not-inflated ?w) (have pump))
    :effect (and (not (not-inflated ?w)) (inflated ?w))))
`),
};

/** The games in AgentBoard's order. */
export const GAMES: readonly Game[] = [GRIPPER, BLOCKWORLD, BARMAN, TYREWORLD];
