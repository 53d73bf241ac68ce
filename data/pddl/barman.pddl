; A robot with two hands mixes cocktails of two ingredients in a shaker and serves them in shot glasses.
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
