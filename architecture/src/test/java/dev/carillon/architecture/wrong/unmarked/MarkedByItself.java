package dev.carillon.architecture.wrong.unmarked;

import org.jspecify.annotations.NullMarked;

@NullMarked
class MarkedByItself {}
