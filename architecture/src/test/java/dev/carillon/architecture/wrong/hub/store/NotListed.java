package dev.carillon.architecture.wrong.hub.store;

/** Public although no list says so. */
public class NotListed {}
