package dev.carillon.eventbus;

import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How events of a class become bytes and come back. The default is Jackson's JSON; write one of
 * your own for another JSON library, or to pass on JSON that is ready. Must be thread-safe.
 *
 * @param <E> the class of events
 * @param <T> the class of their types
 */
public interface EventEncoding<E, T> {

  /**
   * The event's JSON, an object with a {@code type} and a {@code time}.
   *
   * @throws dev.carillon.core.EventValidationException if the event cannot be sent
   */
  byte[] encode(E event);

  /**
   * The event that a message is.
   *
   * @throws IOException if it is none; the message is then skipped and counted
   */
  E decode(byte[] payload) throws IOException;

  /** The event's type, by which callbacks are found; null if it has none. */
  @Nullable T typeOf(E event);

  /**
   * An event of which nothing is known but its type and time.
   *
   * @throws dev.carillon.core.EventValidationException if that is not enough
   */
  E ofType(T type, Instant time);
}
