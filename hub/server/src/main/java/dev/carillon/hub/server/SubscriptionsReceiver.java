package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.carillon.hub.eventgrid.Subscriptions;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Subscriptions to Event Grid topics, and their dead letters, over REST. */
final class SubscriptionsReceiver implements Receiver {

  private static final String ALL = "/api/eventgrid/subscriptions";
  private static final String ONE = ALL + "/:name";
  private static final String DEAD = ONE + "/deadletters";

  /** Takes a filter with all that it may hold, each character escaped. */
  private static final int MAX_BYTES = 128 << 10;

  private final Subscriptions subscriptions;
  private final Bodies bodies;
  private final LargeAnswers answers;

  SubscriptionsReceiver(Subscriptions subscriptions, Bodies bodies, LargeAnswers answers) {
    this.subscriptions = subscriptions;
    this.bodies = bodies;
    this.answers = answers;
  }

  @Override
  public void routes(Router router) {
    router.get(ALL).handler(context -> answer(context, subscriptions.list()));
    router
        .get(ONE)
        .handler(context -> answer(context, subscriptions.find(context.pathParam("name"))));
    router.put(ONE).handler(this::put);
    router.delete(ONE).handler(this::remove);
    router.get(DEAD).handler(this::deadLetters);
    router.delete(DEAD).handler(this::deleteDeadLetters);
    router.post(DEAD + "/redeliver").handler(this::redeliver);
  }

  /** Adds what webhooks call to validate; it needs no key, since the code is one. */
  @Override
  public void openRoutes(Router router) {
    router.route("/api/eventgrid/validate").handler(this::validate);
  }

  private void put(RoutingContext context) {
    String name = context.pathParam("name");
    if (ContentTypes.requireJson(context)) {
      bodies.read(context, MAX_BYTES, body -> keep(context, name, body));
    }
  }

  private void keep(RoutingContext context, String name, byte[] body) {
    answers.requireRoom();
    subscriptions
        .put(name, body)
        .onComplete(
            json -> answers.confirm(context, Buffer.buffer(json)),
            failure -> failed(context, failure));
  }

  private void remove(RoutingContext context) {
    on(context, subscriptions.remove(context.pathParam("name")), there -> there ? "{}" : null);
  }

  private void deadLetters(RoutingContext context) {
    Parameters parameters = Parameters.of(context);
    long after = parameters.position("after", -1, -1, Long.MAX_VALUE);
    int limit = parameters.limit();
    parameters.checkAll();
    answer(context, subscriptions.deadLetters(context.pathParam("name"), after, limit));
  }

  private void deleteDeadLetters(RoutingContext context) {
    Parameters parameters = Parameters.of(context);
    Set<String> ids = Set.copyOf(parameters.all("ids"));
    parameters.checkAll();
    on(
        context,
        subscriptions.deleteDeadLetters(context.pathParam("name"), ids),
        count -> count < 0 ? null : "{\"deleted\":" + count + "}");
  }

  private void redeliver(RoutingContext context) {
    String name = context.pathParam("name");
    bodies.read(
        context,
        Bodies.MAX_EVENT,
        body ->
            on(
                context,
                subscriptions.redeliver(name, ids(body)).recover(SubscriptionsReceiver::conflict),
                count -> count < 0 ? null : "{\"redelivered\":" + count + "}"));
  }

  private static Future<Integer> conflict(Throwable failure) {
    return Future.failedFuture(
        failure instanceof IllegalStateException
            ? new BadRequestException(Problem.of(409, String.valueOf(failure.getMessage())))
            : failure);
  }

  /** The ids in {@code {"ids": [...]}}; none if the body is empty. */
  private static Set<String> ids(byte[] body) {
    if (body.length == 0) {
      return Set.of();
    }
    Reading<Set<String>> reading = Reading.one(body, (json, index) -> readIds(json));
    if (reading.entry() == null) {
      throw new BadRequestException(Problem.invalid(reading.violations()));
    }
    return reading.entry();
  }

  private static Reading<Set<String>> readIds(JsonParser json) throws IOException {
    FieldReader fields = new FieldReader(json);
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      fields.wrong("", "is not a JSON object");
      return Reading.wrong(fields.violations());
    }
    List<String> ids = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      if (name.equals("ids")) {
        ids = fields.texts(name);
      } else {
        json.skipChildren();
        fields.wrong(name, "is not a field of this request");
      }
    }
    if (fields.violations().isEmpty() && (ids == null || ids.isEmpty())) {
      fields.wrong("ids", "is not a list of event ids");
    }
    return fields.violations().isEmpty() && ids != null
        ? Reading.of(Set.copyOf(ids))
        : Reading.wrong(fields.violations());
  }

  private void validate(RoutingContext context) {
    Parameters parameters = Parameters.of(context);
    String name = parameters.text("subscription");
    String code = parameters.text("code");
    parameters.check();
    on(
        context,
        subscriptions.validate(name == null ? "" : name, code == null ? "" : code),
        right -> right ? "{\"validated\":true}" : null);
  }

  private void answer(RoutingContext context, Future<? extends @Nullable String> json) {
    json.onComplete(text -> found(context, text), failure -> failed(context, failure));
  }

  private <T> void on(
      RoutingContext context, Future<T> result, Function<T, @Nullable String> json) {
    result.onComplete(
        value -> found(context, json.apply(value)), failure -> failed(context, failure));
  }

  private void found(RoutingContext context, @Nullable String json) {
    if (json == null) {
      Problem.of(404, "there is nothing like that here").answer(context);
    } else {
      answers.json(context, Buffer.buffer(json));
    }
  }

  private static void failed(RoutingContext context, Throwable failure) {
    Problem problem =
        failure instanceof IllegalArgumentException
            ? Problem.of(400, String.valueOf(failure.getMessage()))
            : Problem.of(failure);
    problem.answer(context);
  }
}
