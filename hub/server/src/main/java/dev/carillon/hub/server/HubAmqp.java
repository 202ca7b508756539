package dev.carillon.hub.server;

import dev.carillon.amqp.AmqpUrl;
import dev.carillon.hub.amqp.AmqpIntake;
import dev.carillon.hub.amqp.EmbeddedBroker;
import dev.carillon.hub.store.EventLog;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The hub's own AMQP broker and what brings events in, as far as they were asked for. */
final class HubAmqp implements AutoCloseable {

  private static final Duration UNTIL_READY = Duration.ofSeconds(30);

  private final @Nullable EmbeddedBroker broker;
  private final List<AmqpIntake> intakes;

  private HubAmqp(@Nullable EmbeddedBroker broker, List<AmqpIntake> intakes) {
    this.broker = broker;
    this.intakes = intakes;
  }

  /**
   * Starts what the configuration asks for.
   *
   * @throws HubStartException if the port cannot be had
   */
  static HubAmqp start(HubConfig config, EventLog events, Metrics metrics)
      throws HubStartException {
    AmqpConfig amqp = config.amqp();
    List<AmqpIntake> intakes = new ArrayList<>();
    EmbeddedBroker broker = null;
    if (amqp.port() != null) {
      String password = config.apiKey() == null ? EmbeddedBroker.USER : config.apiKey();
      try {
        broker = EmbeddedBroker.start(config.bind(), amqp.port(), password);
      } catch (IOException e) {
        throw new HubStartException(String.valueOf(e.getMessage()), e);
      }
      AmqpIntake own = intake(own(broker, password), amqp, events, metrics);
      if (!own.awaitConsuming(UNTIL_READY)) { // else the first events would find no queue
        own.close();
        broker.close();
        throw new HubStartException("the hub's own AMQP broker does not answer", null);
      }
      intakes.add(own);
    }
    if (amqp.url() != null) {
      intakes.add(intake(AmqpUrl.of(amqp.url()), amqp, events, metrics));
    }
    if (!intakes.isEmpty()) {
      metrics.amqp(intakes);
    }
    return new HubAmqp(broker, intakes);
  }

  private static AmqpUrl own(EmbeddedBroker broker, String password) {
    String secret = URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20");
    String user = "://" + EmbeddedBroker.USER + ":" + secret + "@";
    return AmqpUrl.of(broker.address().toString().replace("://", user));
  }

  private static AmqpIntake intake(AmqpUrl url, AmqpConfig amqp, EventLog events, Metrics metrics) {
    return AmqpIntake.start(url, amqp.exchange(), amqp.queue(), new AmqpArchive(events, metrics));
  }

  /** Where the hub's own broker listens; empty if there is none. */
  Optional<URI> address() {
    return Optional.ofNullable(broker).map(EmbeddedBroker::address);
  }

  /** Finishes what is being stored. */
  @Override
  public void close() {
    intakes.forEach(AmqpIntake::close);
    if (broker != null) {
      broker.close();
    }
  }
}
