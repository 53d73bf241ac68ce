; An arm builds towers of blocks on a table.
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
