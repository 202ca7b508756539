package dev.carillon.architecture.wrong.core;

/** Something of the core. */
public class OfTheCore {}
