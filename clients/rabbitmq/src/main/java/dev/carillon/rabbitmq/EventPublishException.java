package dev.carillon.rabbitmq;

import dev.carillon.core.EventException;

/**
 * An event was valid and the broker was there, and yet it was not published: the broker refused it,
 * no queue takes its type, no confirm came in time, there was no room, or the publisher is closed.
 * Its cause says which.
 */
public class EventPublishException extends EventException {

  private static final long serialVersionUID = 1L;

  EventPublishException(EventException why) {
    super(
        String.valueOf(why.getMessage()),
        why.isRetryable(),
        why.mayHaveArrived(),
        why.retryAfter().orElse(null),
        why);
  }
}
