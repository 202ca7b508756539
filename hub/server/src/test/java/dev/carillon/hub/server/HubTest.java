package dev.carillon.hub.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A hub for each test, in a folder of its own. */
abstract class HubTest {

  @TempDir Path folder;
  RunningHub hub;

  @BeforeEach
  void begin() throws Exception {
    start();
  }

  /** What the hub is told at each start. */
  List<String> flags() throws Exception {
    return List.of();
  }

  /** Starts the hub; before it is started again, it must be closed. */
  final void start(String... more) throws Exception {
    List<String> all = new ArrayList<>(flags());
    all.addAll(List.of(more));
    hub = RunningHub.on(folder.resolve("data"), all.toArray(String[]::new));
  }

  @AfterEach
  void end() {
    hub.close();
  }
}
