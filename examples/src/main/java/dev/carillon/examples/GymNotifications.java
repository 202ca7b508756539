package dev.carillon.examples;

import dev.carillon.core.EventFilter;
import dev.carillon.core.EventHandler;
import dev.carillon.core.Subscription;
import dev.carillon.rabbitmq.EventSubscriber;
import dev.carillon.rabbitmq.EventSubscriberConfig;
import java.time.Duration;

/** A service that tells members of what happens, and misses nothing while it is down. */
public final class GymNotifications implements AutoCloseable {

  private final EventSubscriber subscriber;
  private final Subscription subscription;

  /** Begins to receive; returns at once, with or without a broker. */
  public GymNotifications(String rabbitmqUrl, EventHandler notify) {
    // docs:begin subscribe
    subscriber =
        EventSubscriber.of(
            EventSubscriberConfig.builder()
                .rabbitmqUrl(rabbitmqUrl)
                .queue("notifications")
                .bindings("workout.*", "class.cancelled")
                .concurrency(4)
                .retryAttempts(3)
                .retryDelay(Duration.ofSeconds(1))
                .build());
    subscription = subscriber.subscribe(EventFilter.all(), notify);
    // docs:end subscribe
  }

  /** Waits until events can come. */
  public boolean awaitReady() {
    return subscriber.awaitConsuming(Duration.ofSeconds(30));
  }

  /** How many events it has handled. */
  public long handled() {
    return subscription.handled();
  }

  /** Once the reason is gone. */
  public int tryDeadLettersAgain() {
    // docs:begin redrive
    return subscriber.redrive(1_000);
    // docs:end redrive
  }

  @Override
  public void close() {
    subscriber.close();
  }
}
