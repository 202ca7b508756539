package dev.carillon.hub.bus;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a proxy was built with; {@link EventBusProxy.Builder} says what each part means. */
record ProxySettings(
    String bind,
    int publishPort,
    int subscribePort,
    int acknowledgePort,
    boolean noDrop,
    int highWaterMark,
    int maxMessageBytes,
    int maxConnections,
    Duration heartbeat,
    List<String> upstreams,
    @Nullable Path secretKeyFile,
    @Nullable Path allowedClients,
    @Nullable BusRecorder recorder,
    Set<String> recordedTopics) {

  /** The port of what is not there. */
  static final int OFF = -1;

  /** Who records a topic; null if nobody does. */
  @Nullable BusRecorder recorderOf(String topic) {
    return recordedTopics.isEmpty() || recordedTopics.contains(topic) ? recorder : null;
  }
}
