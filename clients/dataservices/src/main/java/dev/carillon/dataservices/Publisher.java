package dev.carillon.dataservices;

import dev.carillon.core.EventException;
import dev.carillon.core.EventValidationException;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.http.Answer;
import io.cloudevents.CloudEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes events, alone and together. Argument errors arrive through the future as well. */
final class Publisher {

  private static final Logger log = LoggerFactory.getLogger(Publisher.class);

  /** So many lists go one by one before a batch is tried again: it may only have been away. */
  private static final int LISTS_ONE_BY_ONE = 100;

  private final ClientSettings settings;
  private final Requests requests;
  private final MessageEncoder encoder;
  private final AtomicInteger listsOneByOne = new AtomicInteger();

  Publisher(ClientSettings settings, Requests requests) {
    this.settings = settings;
    this.requests = requests;
    encoder = new MessageEncoder(settings.naming(), settings.maxEventBytes(), settings.clock());
  }

  CompletableFuture<PublishConfirmation> publish(EventMessage message) {
    return trying(
        () -> {
          require("event", message);
          String id = message.id();
          Call call = Call.publish(encode(message), traceparent());
          return requests.submit(call, answer -> PublishConfirmation.of(accepted(answer), id));
        });
  }

  CompletableFuture<Receipt> send(CloudEvent event) {
    return send(requests, event, this::traceparent);
  }

  private CompletableFuture<Receipt> send(
      Door door, CloudEvent event, Supplier<@Nullable String> context) {
    return trying(
        () -> {
          require("event", event);
          MappedEvent mapped = MappedEvent.of(event, true);
          byte[] body = encoder.encode(mapped.message(), mapped.content());
          String ownTrace = mapped.traceparent();
          return sendAlone(door, event.getId(), body, ownTrace != null ? ownTrace : context.get());
        });
  }

  CompletableFuture<List<Outcome>> publishAll(List<EventMessage> messages) {
    return trying(
        () -> {
          require("events", messages);
          Supplier<@Nullable String> context = traceparentOfNow();
          List<BatchRun.Item> items = new ArrayList<>(messages.size());
          for (EventMessage message : messages) {
            items.add(message == null ? missing() : item(message, context));
          }
          return run(items, context);
        });
  }

  private CompletableFuture<List<Outcome>> run(
      List<BatchRun.Item> items, Supplier<@Nullable String> context) {
    return new BatchRun(this, requests.list(), settings, items, context).run();
  }

  private BatchRun.Item item(EventMessage message, Supplier<@Nullable String> context) {
    String given = message.id();
    String id = given != null ? given : UUID.randomUUID().toString();
    EventMessage named = given != null ? message : message.toBuilder().id(id).build();
    return new BatchRun.Item(
        id,
        () -> encode(named),
        door -> trying(() -> sendAlone(door, id, encode(named), context.get())));
  }

  /** Stands for a null in a list: an outcome like any other, not an end of the whole list. */
  private static BatchRun.Item missing() {
    EventException missing = new EventValidationException("event", "is missing");
    return new BatchRun.Item(
        "",
        () -> {
          throw missing;
        },
        door -> CompletableFuture.failedFuture(missing));
  }

  CompletableFuture<List<Outcome>> sendAll(List<CloudEvent> events) {
    return trying(
        () -> {
          require("events", events);
          Supplier<@Nullable String> context = traceparentOfNow();
          List<BatchRun.Item> items = new ArrayList<>(events.size());
          for (CloudEvent event : events) {
            items.add(
                event == null
                    ? missing()
                    : new BatchRun.Item(
                        event.getId(), () -> encode(event), door -> send(door, event, context)));
          }
          return run(items, context);
        });
  }

  /** Callers without a null checker may pass anything. */
  private static void require(String name, @Nullable Object given) {
    if (given == null) {
      throw new EventValidationException(name, "is missing");
    }
  }

  private byte[] encode(EventMessage message) {
    return encoder.encode(message, message.data());
  }

  private byte[] encode(CloudEvent event) {
    MappedEvent mapped = MappedEvent.of(event, false);
    return encoder.encode(mapped.message(), mapped.content());
  }

  private CompletableFuture<Receipt> sendAlone(
      Door door, String id, byte[] body, @Nullable String traceparent) {
    Call call = Call.publish(body, traceparent);
    return door.submit(call, answer -> receipt(id, accepted(answer)));
  }

  private static <T> CompletableFuture<T> trying(Supplier<CompletableFuture<T>> attempt) {
    try {
      return attempt.get();
    } catch (RuntimeException | Error e) { // errors too: a batch goes on with the next event
      return CompletableFuture.failedFuture(EventException.unsent(e));
    }
  }

  /** Publishes a JSON array of encoded events; the answer is a success, or the future fails. */
  CompletableFuture<Answer> sendBatch(Door door, byte[] body, Supplier<@Nullable String> context) {
    return trying(() -> door.submit(Call.publishBatch(body, context.get()), this::accepted));
  }

  Receipt receipt(String id, Answer answer) {
    return new Receipt(id, PublishConfirmation.guarantee(answer), settings.clock().instant());
  }

  /** Whether a list is to go in batches; asked once for each. */
  boolean takesBatches() {
    return listsOneByOne.getAndUpdate(left -> Math.max(0, left - 1)) == 0;
  }

  /** Has the next lists go one by one, since the server has no batch endpoint. */
  void rememberNoBatches() {
    if (listsOneByOne.getAndSet(LISTS_ONE_BY_ONE) == 0) {
      log.info(
          "{} has no batch endpoint: lists go one by one, and it is looked for every {} lists",
          requests.transport().display(),
          LISTS_ONE_BY_ONE);
    }
  }

  private Answer accepted(Answer answer) {
    if (!answer.isSuccess()) {
      throw Refusals.of(
          "publishing to " + requests.transport().display(), answer, settings.clock());
    }
    return answer;
  }

  private @Nullable String traceparent() {
    Supplier<@Nullable String> context = settings.traceparent();
    return context == null ? null : Traceparent.validOrNull(context.get());
  }

  /** Asks on this thread, for what goes out later on others; throws to them what is thrown. */
  private Supplier<@Nullable String> traceparentOfNow() {
    try {
      String now = traceparent();
      return () -> now;
    } catch (RuntimeException | Error e) {
      EventException failure = EventException.unsent(e);
      return () -> {
        throw failure;
      };
    }
  }
}
