package dev.carillon.rabbitmq;

import dev.carillon.core.EventException;
import dev.carillon.core.SparingLog;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Says why events failed whose publisher only hears false. Thread-safe. */
final class FailureLog {

  private final SparingLog log = new SparingLog(LoggerFactory.getLogger(EventPublisher.class));
  private volatile @Nullable EventException latest;

  void failed(@Nullable String type, EventException why) {
    latest = why;
    log.warn(type + " was not published: " + why.getMessage());
  }

  Optional<EventException> latest() {
    return Optional.ofNullable(latest);
  }
}
