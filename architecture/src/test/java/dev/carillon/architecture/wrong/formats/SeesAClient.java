package dev.carillon.architecture.wrong.formats;

import dev.carillon.architecture.wrong.memory.SeesAnotherClient;

class SeesAClient {
  final SeesAnotherClient client = new SeesAnotherClient();
}
