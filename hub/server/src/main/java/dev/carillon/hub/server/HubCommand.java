package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.carillon.hub.bus.EventBusProxy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a hub until the process is told to stop. */
@Command(
    name = "hub",
    description = "Runs the hub: the receiving end, with its event log in a folder.",
    mixinStandardHelpOptions = true,
    defaultValueProvider = EnvironmentVariables.class,
    sortOptions = false,
    footer = {
      "",
      "When it is ready it prints one line of JSON that says where it listens.",
      "Logs go to standard error. SIGTERM or Ctrl-C drains and exits 0.",
      "Exits 2 when a port, the folder or the configuration cannot be used."
    })
public final class HubCommand implements Callable<Integer> {

  private static final long STOP_MILLIS = 8_000;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder of the event log (CARILLON_DATA; default: ./carillon-data).")
  private Path data = Path.of("./carillon-data");

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description =
          "Address to listen on; beyond loopback only with --api-key"
              + " (CARILLON_BIND; default: "
              + HubConfig.LOOPBACK
              + ").")
  private String bind = HubConfig.LOOPBACK;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      description =
          "HTTP port, 0 for a free one (CARILLON_HTTP_PORT; default: " + HubConfig.HTTP_PORT + ").")
  private int httpPort = HubConfig.HTTP_PORT;

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      description =
          "Key that clients must show as X-Api-Key or bearer token"
              + " (CARILLON_API_KEY; default: none).")
  private @Nullable String apiKey;

  @Option(
      names = "--event-retention-days",
      paramLabel = "DAYS",
      description =
          "Days after which events are removed from the event log, at most 36500, 0 to keep all"
              + " (CARILLON_EVENT_RETENTION_DAYS; default: 0).")
  private int eventRetentionDays;

  @Option(
      names = "--body-timeout",
      paramLabel = "SECONDS",
      description =
          "How long a request's body may take to arrive (CARILLON_BODY_TIMEOUT; default: "
              + Timeouts.BODY_SECONDS
              + ").")
  private int bodyTimeout = Timeouts.BODY_SECONDS;

  @Option(
      names = "--answer-timeout",
      paramLabel = "SECONDS",
      description =
          "How long a reader may take for a large answer (CARILLON_ANSWER_TIMEOUT; default: "
              + Timeouts.ANSWER_SECONDS
              + ").")
  private int answerTimeout = Timeouts.ANSWER_SECONDS;

  @Mixin private AnalyticsOptions analytics = new AnalyticsOptions();

  @Mixin private BusOptions bus = new BusOptions();
  @Mixin private EventGridOptions eventGrid = new EventGridOptions();

  @Mixin private AmqpOptions amqp = new AmqpOptions();

  /** Runs a hub as the only command of a process. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new HubCommand()).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    CommandLine line = commandLine();
    AtomicReference<@Nullable Hub> started = new AtomicReference<>();
    Thread stopping = new Thread(() -> stop(started.get()), "carillon-stop");
    Runtime.getRuntime().addShutdownHook(stopping); // now: bringing in a journal may take long
    Hub hub = null;
    try {
      hub = Hub.start(config());
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(line, String.valueOf(e.getMessage()), e);
    } catch (HubStartException e) {
      line.getErr().println("hub: " + e.getMessage());
      return CommandLine.ExitCode.USAGE;
    } finally {
      started.set(hub);
      if (hub == null) {
        forget(stopping);
      }
    }
    EventLoops.spread();
    PrintWriter out = line.getOut();
    out.println(readyLine(hub));
    out.flush();
    new CountDownLatch(1).await();
    return CommandLine.ExitCode.OK;
  }

  /** Throws IllegalArgumentException, with a text fit for a person. */
  HubConfig config() {
    BusConfig busConfig = bus.config();
    AmqpConfig amqpConfig = amqp.config();
    requirePort("--http-port", httpPort);
    requirePort("--bus-pub-port", busConfig.publishPort());
    requirePort("--bus-sub-port", busConfig.subscribePort());
    requirePort("--bus-ack-port", busConfig.acknowledgePort());
    requirePort("--amqp-port", amqpConfig.port());
    return new HubConfig(
        data,
        bind,
        httpPort,
        apiKey,
        Duration.ofDays(eventRetentionDays),
        new Timeouts(
            seconds("--body-timeout", bodyTimeout), seconds("--answer-timeout", answerTimeout)),
        analytics.config(),
        busConfig,
        eventGrid.settings(),
        amqpConfig);
  }

  private static void requirePort(String flag, @Nullable Integer port) {
    if (port != null && (port < 0 || port > 65535)) {
      throw new IllegalArgumentException(flag + " is not a port: " + port);
    }
  }

  private static Duration seconds(String flag, int seconds) {
    if (seconds < 1) {
      throw new IllegalArgumentException(flag + " is below 1: " + seconds);
    }
    return Duration.ofSeconds(seconds);
  }

  private CommandLine commandLine() {
    if (spec == null) {
      throw new IllegalStateException("not run by picocli");
    }
    return spec.commandLine();
  }

  /**
   * Ends the process with 0: told to stop and stopped as told is a success. What takes longer than
   * the time allowed is left to the next start; everything acknowledged is in the journal.
   */
  private static void stop(@Nullable Hub hub) {
    if (hub != null) { // else it is still starting; what it acknowledged is in the journal
      Thread closing = new Thread(hub::close, "carillon-close");
      closing.setDaemon(true);
      closing.start();
      try {
        closing.join(STOP_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    Runtime.getRuntime().halt(0);
  }

  /** Lets a process whose hub did not start end with the code that says so. */
  private static void forget(Thread stopping) {
    try {
      Runtime.getRuntime().removeShutdownHook(stopping);
    } catch (IllegalStateException e) {
      // it was told to stop in the meantime
    }
  }

  private static String readyLine(Hub hub) throws IOException {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(line)) {
      json.writeStartObject();
      json.writeBooleanField("ready", true);
      json.writeStringField("http", hub.http().toString());
      if (hub.bus().isPresent()) {
        writeBus(json, hub.bus().get());
      }
      if (hub.eventGrid().isPresent()) {
        json.writeStringField("eventgrid", hub.eventGrid().get().toString());
      }
      URI amqp = hub.amqp().orElse(null);
      if (amqp != null) {
        json.writeStringField("amqp", amqp.toString());
      }
      json.writeEndObject();
    }
    return line.toString();
  }

  private static void writeBus(JsonGenerator json, EventBusProxy bus) throws IOException {
    json.writeObjectFieldStart("bus");
    json.writeStringField("publish", bus.publishAddress().toString());
    json.writeStringField("subscribe", bus.subscribeAddress().toString());
    URI acknowledge = bus.acknowledgeAddress().orElse(null);
    if (acknowledge != null) {
      json.writeStringField("acknowledge", acknowledge.toString());
    }
    json.writeEndObject();
  }
}
