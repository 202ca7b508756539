package dev.carillon.eventbus;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Callbacks by event type. Thread-safe. */
final class Callbacks<E, T> {

  private static final Logger log = LoggerFactory.getLogger(Callbacks.class);

  private final Map<T, List<Consumer<? super E>>> byType = new ConcurrentHashMap<>();
  private final Counters counters;

  Callbacks(Counters counters) {
    this.counters = counters;
  }

  void attach(T type, Consumer<? super E> callback) {
    byType.compute(
        type,
        (same, before) -> {
          List<Consumer<? super E>> all = before == null ? new CopyOnWriteArrayList<>() : before;
          all.add(callback);
          return all;
        });
  }

  boolean remove(T type, Consumer<? super E> callback) {
    AtomicBoolean removed = new AtomicBoolean();
    byType.computeIfPresent(
        type,
        (same, all) -> {
          removed.set(all.remove(callback));
          return all.isEmpty() ? null : all;
        });
    return removed.get();
  }

  void removeAll(T type) {
    byType.remove(type);
  }

  boolean isEmpty() {
    return byType.isEmpty();
  }

  boolean hasAny(T type) {
    return byType.containsKey(type);
  }

  /** Notes that events got lost before callbacks could get them. */
  void missed(RuntimeException loss) {
    log.warn("callbacks were too slow: {}", loss.getMessage());
  }

  /** Calls each callback of a type; one that throws stops nobody. */
  void call(T type, E event) {
    for (Consumer<? super E> callback : byType.getOrDefault(type, List.of())) {
      try {
        callback.accept(event);
      } catch (Throwable e) { // errors too: the next callback and the next event come in any case
        counters.callbackFailures.increment();
        log.warn("a callback failed on an event of type {}", type, e);
      }
    }
  }
}
