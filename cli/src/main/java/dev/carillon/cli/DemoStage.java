package dev.carillon.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hub and its folder for as long as a demo lasts, gone afterwards, also when the demo is ended by
 * a signal.
 */
final class DemoStage implements AutoCloseable {

  private final TemporaryFolder folder;
  private final Thread atExit = new Thread(this::end, "demo-end");
  private @Nullable DemoHub hub;
  private volatile boolean ending;
  private boolean struck;

  private DemoStage(TemporaryFolder folder) {
    this.folder = folder;
  }

  static DemoStage open() throws IOException {
    DemoStage stage = new DemoStage(TemporaryFolder.create("carillon-demo-"));
    Runtime.getRuntime().addShutdownHook(stage.atExit);
    return stage;
  }

  /** Starts the hub on this stage's folder. */
  synchronized DemoHub start(List<String> flags) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(flags);
    for (String port :
        List.of("--bus-pub-port", "--bus-sub-port", "--bus-ack-port", "--amqp-port")) {
      all.addAll(List.of(port, "0"));
    }
    all.add("--data");
    all.add(folder.path().resolve("data").toString());
    DemoHub started = DemoHub.start(folder.path().resolve("hub.log"), all);
    hub = started;
    return started;
  }

  /** Stops the hub and deletes the folder; once. */
  @Override
  public void close() {
    strike();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The process is ending and the hook is what runs.
    }
  }

  /** Whether a signal is ending this process. */
  boolean isEnding() {
    return ending;
  }

  /** Ctrl-C and SIGTERM are how a demo is meant to end: nothing went wrong. */
  private void end() {
    ending = true;
    strike();
    Runtime.getRuntime().halt(0);
  }

  private synchronized void strike() {
    if (struck) {
      return;
    }
    struck = true;
    if (hub != null) {
      hub.close();
    }
    folder.close();
  }
}
