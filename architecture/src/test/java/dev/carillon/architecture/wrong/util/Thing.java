package dev.carillon.architecture.wrong.util;

class Thing {}
