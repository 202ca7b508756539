package dev.carillon.architecture.wrong.manners;

/** Not a bad name: the word is only a part of another. */
class Implicit {}
