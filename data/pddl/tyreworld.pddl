; Flat wheels are replaced by intact ones, with the tools from the boot. The nuts of one hub count as one.
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
