package dev.carillon.examples;

import dev.carillon.core.EventFilter;
import dev.carillon.core.EventHandler;
import dev.carillon.core.Subscription;
import dev.carillon.rabbitmq.EventSubscriber;
import dev.carillon.rabbitmq.EventSubscriberConfig;
import dev.carillon.schemas.ClassEvent;
import dev.carillon.schemas.DomainEvent;
import dev.carillon.schemas.WorkoutEvent;
import java.time.Duration;
import java.util.function.Consumer;

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

  /** A handler that tells members of what concerns them. */
  public static EventHandler telling(Consumer<String> members) {
    // docs:begin typed
    return event -> {
      DomainEvent happened = DomainEvent.from(event);
      if (happened instanceof WorkoutEvent.Created workout) {
        members.accept("New: " + workout.title());
      } else if (happened instanceof ClassEvent.Cancelled cancelled) {
        members.accept(cancelled.className() + ": " + cancelled.cancellationReason());
      }
    };
    // docs:end typed
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
