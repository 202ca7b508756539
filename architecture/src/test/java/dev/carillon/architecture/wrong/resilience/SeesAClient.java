package dev.carillon.architecture.wrong.resilience;

import dev.carillon.architecture.wrong.memory.SeesAnotherClient;

class SeesAClient {
  final SeesAnotherClient client = new SeesAnotherClient();
}
