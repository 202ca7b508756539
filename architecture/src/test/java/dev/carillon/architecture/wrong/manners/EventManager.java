package dev.carillon.architecture.wrong.manners;

class EventManager {}
