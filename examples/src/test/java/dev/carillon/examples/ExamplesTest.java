package dev.carillon.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Outcome;
import dev.carillon.dataservices.EventClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The examples do what they say, at a server that confirms everything and stores nothing. */
final class ExamplesTest {

  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private HttpServer server;
  private String url;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/v2.0/EventService", exchange -> answer(exchange, 200));
    server.createContext("/api/v2.0/EventService/batch", exchange -> answer(exchange, 404));
    server.createContext("/api/v2.0/QueryService", exchange -> answer(exchange, 204));
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange, int status) throws IOException {
    try (exchange) {
      bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      boolean refuses = status == 200 && refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
      exchange.sendResponseHeaders(refuses ? 503 : status, -1);
    }
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void theIntegrationsPublish() {
    try (var workflow = new WorkflowEventTracker(url);
        var equipment = new EquipmentMonitor(url);
        var audit = new AuditTracker(url)) {
      workflow.trackSampleReceived("sample-1", "lab_tech_1");
      workflow.trackProcessingCompleted("sample-1", Map.of("quality_score", 98.5));
      equipment.monitorEquipmentStatus("robot-arm-1", Map.of("status", "idle")).join();
      equipment.reportMaintenanceEvent("robot-arm-1", "scheduled");
      audit.logUserAction("user-1", "login", "door-1");
      audit.logSystemEvent("started", "hub", Map.of("version", 1));
    }
    assertThat(bodies).hasSize(6);
    assertThat(bodies.get(1)).contains("\"quality_score\":98.5").doesNotContain("processing_time");
    assertThat(bodies.get(2)).contains("\"topic\":\"equipment.robot-arm-1.status\"");
  }

  @Test
  void criticalEventsAreSentAgainUntilTheyArrive() {
    var event = EventDesign.qualityApproved("sample-1");
    try (var sink = CriticalEvents.patient(EventClient.of(url))) {
      refusals.set(2);
      assertThat(CriticalEvents.send(sink, event).guarantee()).isEqualTo(Guarantee.ACKNOWLEDGED);
      assertThat(bodies).hasSize(3);
      assertThat(Set.copyOf(bodies)).as("the same event, id and all").hasSize(1);
      refusals.set(1);
      assertThat(CriticalEvents.sendAll(sink, List.of(event, EventDesign.statusChanged())))
          .hasSize(2)
          .allMatch(Outcome::isAccepted);
      String together = bodies.get(3); // which this service does not take, so that each goes alone
      assertThat(bodies.subList(4, bodies.size()))
          .as("dates and all, also of the one that went twice")
          .hasSize(3)
          .allMatch(together::contains);
    }
  }

  @Test
  void theBestPracticesRun() {
    var events =
        List.of(
            EventDesign.qualityApproved("sample-1"),
            EventDesign.processingStarted(),
            EventDesign.statusChanged(),
            EventDesign.qualityChecked());
    try (var client = EventClient.of(url)) {
      assertThat(HighThroughput.publishAll(client, events)).hasSize(4);
      assertThat(HighThroughput.refusedOf(client, events)).isEmpty();
      assertThat(Correlation.track(client, "batch_123")).isEmpty();
      assertThat(ErrorHandling.publish(client, events.get(0))).startsWith("published");
      assertThat(ErrorHandling.stamped(client, events.get(0)).createdDateUtc()).isNotNull();
      assertThat(ReadingBack.lastActionsOf(client, "user-1")).isEmpty();
      assertThat(ReadingBack.count(client, "audit")).isZero();
    }
    try (var nobody = EventClient.of("http://127.0.0.1:1")) {
      assertThat(ErrorHandling.publish(nobody, events.get(0)))
          .isEqualTo("no answer, but it may have arrived: false");
    }
  }
}
