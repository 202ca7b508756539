package dev.carillon.eventbus;

import dev.carillon.core.EventException;
import dev.carillon.core.EventFilter;
import dev.carillon.core.EventHandler;
import dev.carillon.core.EventTimeoutException;
import dev.carillon.core.Subscription;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Subscribes, and waits until that is in force. Thread-safe. */
final class Subscribing {

  private final BusSettings settings;
  private final BusLoop loop;
  private final Deliveries<?, ?> deliveries;
  private final Counters counters;

  Subscribing(BusSettings settings, BusLoop loop, Deliveries<?, ?> deliveries, Counters counters) {
    this.settings = settings;
    this.loop = loop;
    this.deliveries = deliveries;
    this.counters = counters;
  }

  void subscribe(List<String> topics) {
    requireReceiving();
    inForce(topics.stream().filter(deliveries::add).toList());
  }

  void unsubscribe(String topic) {
    if (deliveries.remove(topic)) {
      loop.order(connection -> connection.unsubscribe(List.of(topic)));
    }
  }

  Subscription subscribe(EventFilter filter, EventHandler handler) {
    requireReceiving();
    loop.requireStarted();
    SourceSubscription subscription =
        new SourceSubscription(
            filter,
            handler,
            settings.sourceTopics(),
            Inbox.queue(settings, counters),
            loop::roomAgain,
            this::unsubscribe,
            counters);
    deliveries.add(subscription);
    subscription.start(loop.name() + "-source");
    try {
      inForce(topicsOf(subscription));
    } catch (RuntimeException e) {
      subscription.close(); // nobody else can
      throw e;
    }
    if (loop.isOver()) {
      subscription.close();
    }
    return subscription;
  }

  private void unsubscribe(SourceSubscription subscription) {
    if (deliveries.remove(subscription)) {
      loop.order(connection -> connection.unsubscribe(topicsOf(subscription)));
    }
  }

  private static List<String> topicsOf(SourceSubscription subscription) {
    return subscription.topics().isEmpty() ? List.of("") : List.copyOf(subscription.topics());
  }

  private void requireReceiving() {
    loop.requireOpen();
    if (!settings.receives()) {
      throw new EventException("this client only publishes", false, false, null, null);
    }
  }

  /** Waits only while the proxy is there; else it will be in force when that is back. */
  private void inForce(List<String> topics) {
    CompletableFuture<Void> inForce = new CompletableFuture<>();
    loop.order(connection -> connection.subscribe(topics, inForce));
    if (loop.state() != ConnectionState.CONNECTED) {
      return;
    }
    try {
      inForce.get(settings.connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw EventException.awaited(e);
    } catch (TimeoutException e) {
      requireReceiving();
      throw new EventTimeoutException("the proxy did not confirm a subscription", false, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EventTimeoutException("interrupted before a subscription was in force", false, e);
    }
  }

  void close() {
    deliveries.sources().forEach(SourceSubscription::close);
  }
}
