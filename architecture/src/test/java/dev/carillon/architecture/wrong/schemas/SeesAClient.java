package dev.carillon.architecture.wrong.schemas;

import dev.carillon.architecture.wrong.memory.SeesAnotherClient;

class SeesAClient {
  final SeesAnotherClient client = new SeesAnotherClient();
}
