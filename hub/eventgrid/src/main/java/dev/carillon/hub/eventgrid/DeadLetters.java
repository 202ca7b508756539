package dev.carillon.hub.eventgrid;

import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What could not be delivered: shown, sent again, deleted. There may be much of it, so it is read a
 * page at a time, each committed before the next: what is not committed is in memory. Used on one
 * event loop.
 */
final class DeadLetters {

  private static final int SOME = 2000;

  private final KeptState state;
  private final Couriers couriers;

  DeadLetters(KeptState state, Couriers couriers) {
    this.state = state;
    this.couriers = couriers;
  }

  private @Nullable Deliveries of(String name) {
    SubscriptionStore store = state.existing();
    return store == null || store.find(name) == null ? null : store.dead(name);
  }

  @Nullable String page(String name, long after, int limit) {
    Deliveries dead = of(name);
    return dead == null ? null : SubscriptionStore.write(dead.page(after, limit));
  }

  /**
   * Tries letters again, those with these ids or all, but none whose event cannot be read: it has
   * no form to be sent in. How many, or -1 if nobody delivers.
   */
  Future<Integer> redeliver(String name, Set<String> ids) {
    Courier courier = couriers.find(name);
    Deliveries dead = of(name);
    if (courier == null || dead == null) {
      return Future.succeededFuture(-1);
    }
    if (courier.isOver()) {
      return Future.failedFuture(
          new IllegalStateException("the subscription has expired, and delivers no more"));
    }
    return each(name, ids, dead, letters -> redeliver(name, letters));
  }

  private int redeliver(String name, List<Delivery> letters) {
    Courier courier = couriers.find(name); // another one once the subscription is changed
    if (courier == null || courier.isOver()) {
      return 0;
    }
    List<Delivery> readable =
        letters.stream()
            .filter(letter -> !Courier.UNREADABLE.equals(letter.deadLetterReason()))
            .toList();
    courier.redeliver(readable);
    return readable.size();
  }

  /** Deletes letters, those with these ids or all; how many, or -1 for no such subscription. */
  Future<Integer> delete(String name, Set<String> ids) {
    Deliveries dead = of(name);
    if (dead == null) {
      return Future.succeededFuture(-1);
    }
    Future<Integer> deleted =
        ids.isEmpty()
            ? deleteAll(name, dead.last(), 0)
            : each(
                name,
                ids,
                dead,
                letters -> {
                  letters.forEach(letter -> dead.remove(letter.position()));
                  return letters.size();
                });
    return deleted.onSuccess(count -> goOn(name));
  }

  private Future<Integer> deleteAll(String name, long last, int before) {
    Deliveries dead = of(name);
    int some = dead == null ? 0 : dead.removeSome(last, SOME);
    return some == 0
        ? Future.succeededFuture(before)
        : state.commit().compose(done -> deleteAll(name, last, before + some));
  }

  /** There may be room now. */
  private void goOn(String name) {
    Courier courier = couriers.find(name);
    if (courier != null) {
      courier.grown();
    }
  }

  private Future<Integer> each(
      String name, Set<String> ids, Deliveries dead, ToIntFunction<List<Delivery>> action) {
    return each(name, ids, -1, dead.last(), 0, action);
  }

  private Future<Integer> each(
      String name,
      Set<String> ids,
      long after,
      long last,
      int before,
      ToIntFunction<List<Delivery>> action) {
    Deliveries dead = of(name);
    List<Delivery> page = dead == null ? List.of() : dead.page(after, KeptDeliveries.PAGE);
    if (page.isEmpty() || after >= last) {
      return Future.succeededFuture(before);
    }
    List<Delivery> wanted =
        page.stream()
            .filter(letter -> letter.position() <= last)
            .filter(letter -> ids.isEmpty() || ids.contains(letter.member("id", "")))
            .toList();
    int count = before + action.applyAsInt(wanted);
    long next = page.get(page.size() - 1).position();
    return state.commit().compose(done -> each(name, ids, next, last, count, action));
  }
}
