package dev.carillon.testkit;

import dev.carillon.core.EventSink;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A peer and a sink for each test, and the bounds that a transport may set. */
abstract class SinkFixture {

  /** Events to send. */
  protected final SampleEvents samples = new SampleEvents();

  private @Nullable SinkPeer openPeer;
  private @Nullable EventSink openSink;

  /** Makes the other end, up and empty. Called once for each test; the kit closes it. */
  protected abstract SinkPeer openPeer() throws Exception;

  /** How long anything may take until it counts as never; default 20 s. */
  protected Duration patience() {
    return Duration.ofSeconds(20);
  }

  /** How many sends may be under way before the sink must refuse more; default 20,000. */
  protected int mostOutstanding() {
    return 20_000;
  }

  /** Opens the peer and a sink to it. */
  @BeforeEach
  void open() throws Exception {
    openPeer = openPeer();
    openSink = openPeer.openSink();
  }

  /** Closes both. */
  @AfterEach
  void close() {
    if (openSink != null) {
      openSink.close();
    }
    if (openPeer != null) {
      openPeer.close();
    }
  }

  /** This test's peer. */
  protected final SinkPeer peer() {
    return Objects.requireNonNull(openPeer);
  }

  /** This test's sink. */
  protected final EventSink sink() {
    return Objects.requireNonNull(openSink);
  }

  final Arrivals arrivals() {
    return new Arrivals(patience());
  }
}
