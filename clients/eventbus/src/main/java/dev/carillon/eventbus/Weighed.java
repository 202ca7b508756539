package dev.carillon.eventbus;

/** Something that takes up room in a queue. */
interface Weighed {

  /** Its size in bytes. */
  int bytes();
}
