package dev.carillon.architecture.wrong.analytics;

import dev.carillon.architecture.wrong.core.OfTheCore;

class SeesTheCore {
  final OfTheCore core = new OfTheCore();
}
