; A robot with two grippers carries balls from room to room. Untyped: kinds are told by predicates.
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
