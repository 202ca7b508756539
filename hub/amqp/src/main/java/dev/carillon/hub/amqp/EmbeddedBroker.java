package dev.carillon.hub.amqp;

import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.SystemLauncherListener.DefaultSystemLauncherListener;
import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.Port;
import org.apache.qpid.server.model.State;
import org.apache.qpid.server.model.SystemConfig;
import org.jspecify.annotations.Nullable;

/**
 * An AMQP 0-9-1 broker in this process, Apache Qpid, for demonstrations, development and tests: it
 * needs no installation, and keeps its messages in memory, so they end with it. One virtual host,
 * named {@code /} by clients, and one user.
 *
 * <p>Unlike RabbitMQ it refuses an unroutable message before it returns it, confirms each message
 * by itself, never blocks a connection, and closes connections that declare a queue with {@code
 * x-…} arguments.
 */
public final class EmbeddedBroker implements AutoCloseable {

  /** The user that clients log in as. */
  public static final String USER = "guest";

  private final SystemLauncher launcher;
  private final String host;
  private final int port;

  private EmbeddedBroker(SystemLauncher launcher, String host, int port) {
    this.launcher = launcher;
    this.host = host;
    this.port = port;
  }

  /**
   * Starts a broker, some two seconds.
   *
   * @param bind the address to listen on
   * @param port 0 picks a free one
   * @param password of {@link #USER}
   * @throws IOException if the port cannot be had; fit for a person
   */
  public static EmbeddedBroker start(String bind, int port, String password) throws IOException {
    AtomicReference<@Nullable SystemConfig<?>> system = new AtomicReference<>();
    SystemLauncher launcher =
        new SystemLauncher(
            new DefaultSystemLauncherListener() {
              @Override
              public void onContainerResolve(SystemConfig<?> config) {
                system.set(config);
              }
            });
    Map<String, Object> attributes = new HashMap<>();
    attributes.put(SystemConfig.TYPE, "Memory");
    attributes.put(
        SystemConfig.INITIAL_CONFIGURATION_LOCATION,
        BrokerConfiguration.dataUrl(bind, port, password));
    attributes.put(SystemConfig.STARTUP_LOGGED_TO_SYSTEM_OUT, false);
    try {
      launcher.startup(attributes);
      Port<?> listening = port(Objects.requireNonNull(system.get()));
      if (listening.getState() != State.ACTIVE) {
        throw new IOException("it does not listen");
      }
      return new EmbeddedBroker(launcher, bind, listening.getBoundPort());
    } catch (Exception e) {
      launcher.shutdown();
      throw new IOException(
          "AMQP port " + port + " on " + bind + " cannot be had: " + e.getMessage(), e);
    }
  }

  @SuppressWarnings({"rawtypes", "unchecked"}) // as Qpid's model is
  private static Port<?> port(SystemConfig<?> system) throws IOException {
    Broker<?> broker = system.getContainer(Broker.class);
    for (Port<?> port : broker.getChildren(Port.class)) {
      return port;
    }
    throw new IOException("it has no port");
  }

  /** Where it listens, without credentials. */
  public URI address() {
    return URI.create("amqp://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
  }

  /** Ends it, and its messages. Calling it again does nothing. */
  @Override
  public void close() {
    launcher.shutdown();
  }
}
