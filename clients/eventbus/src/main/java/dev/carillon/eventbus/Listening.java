package dev.carillon.eventbus;

import java.time.Duration;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** An endless stream of what comes. It ends when it is closed, or its client, or interrupted. */
final class Listening<E> extends Spliterators.AbstractSpliterator<E> {

  private static final Duration LOOK_AROUND = Duration.ofMillis(200);

  private final Inbox<E, ?> inbox;
  private volatile boolean closed;

  Listening(Inbox<E, ?> inbox) {
    super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
    this.inbox = inbox;
  }

  Stream<E> stream() {
    return StreamSupport.stream(this, false).onClose(() -> closed = true);
  }

  @Override
  public boolean tryAdvance(Consumer<? super E> action) {
    try {
      while (!closed) {
        E event = inbox.receive(LOOK_AROUND);
        if (event != null) {
          action.accept(event);
          return true;
        }
        if (inbox.isOver()) {
          return false;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }
}
