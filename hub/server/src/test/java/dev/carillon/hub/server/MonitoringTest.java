package dev.carillon.hub.server;

import static dev.carillon.hub.server.RunningHub.EVENTS;
import static dev.carillon.hub.server.RunningHub.PUBLISH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MonitoringTest {

  private static final String EVENT = "{\"topic\":\"t\",\"subjects\":[],\"data\":{}}";

  @TempDir Path folder;

  @Test
  void asksForTheKeyEverywhereButHealth() throws Exception {
    String key = "--api-key=secret";
    try (RunningHub hub = RunningHub.on(folder, key)) {
      assertThat(hub.get("/health/live").statusCode()).isEqualTo(200);
      assertThat(hub.get("/health/ready").statusCode()).isEqualTo(200);
      assertThat(hub.get("/health/ready/events").statusCode()).isEqualTo(200);
      for (String path : new String[] {EVENTS, EVENTS + "/stream", "/metrics", "/nothing"}) {
        assertThat(hub.get(path).statusCode()).as(path).isEqualTo(401);
      }
      for (String path :
          new String[] {
            "/health/..", "/health/%2e%2e", "/ping/../", "//health//..", "/./health/.."
          }) {
        assertThat(statusOfGet(hub, path + EVENTS)).as(path).isEqualTo(401);
        assertThat(statusOfGet(hub, path + "/metrics")).as(path).isEqualTo(401);
      }
      assertThat(hub.post(PUBLISH, EVENT).statusCode()).isEqualTo(401);
      assertThat(hub.get(EVENTS, "X-Api-Key", "wrong").statusCode()).isEqualTo(401);
      assertThat(hub.get(EVENTS, "X-Api-Key", "secret").statusCode()).isEqualTo(200);
      assertThat(hub.get(EVENTS, "Authorization", "bearer secret").statusCode()).isEqualTo(200);
    }
    assertThat(RunningHub.config(folder, key).toString()).doesNotContain("secret");
  }

  /** As it is written, which clients might not send. */
  private static int statusOfGet(RunningHub hub, String path) throws Exception {
    try (Socket socket = hub.socket()) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: hub\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
      return Integer.parseInt(new String(start, StandardCharsets.US_ASCII).substring(9));
    }
  }

  @Test
  void refusesToBeOpenToTheNetworkWithoutAKey() {
    assertThatThrownBy(() -> RunningHub.on(folder, "--bind=0.0.0.0"))
        .isInstanceOf(HubStartException.class)
        .hasMessageContaining("--api-key");
  }

  @Test
  void saysWhatIsTakenAlready() throws Exception {
    try (RunningHub hub = RunningHub.on(folder.resolve("a"))) {
      assertThatThrownBy(() -> RunningHub.on(folder.resolve("a")))
          .isInstanceOf(HubStartException.class)
          .hasMessageContaining("in use by another hub");
      int taken = hub.at("/").getPort();
      assertThatThrownBy(() -> RunningHub.on(folder.resolve("b"), "--http-port=" + taken))
          .isInstanceOf(HubStartException.class)
          .hasMessageContaining("port " + taken);
    }
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> RunningHub.on(file))
        .isInstanceOf(HubStartException.class)
        .hasMessageContaining("cannot be written");
  }

  @Test
  void isNotReadyAndAcknowledgesNothingWhenItsFolderIsGone() throws Exception {
    Path data = folder.resolve("data");
    Path moved = folder.resolve("moved");
    try (RunningHub hub = RunningHub.on(data)) {
      assertThat(hub.post(PUBLISH, EVENT).statusCode()).isEqualTo(200);
      Files.move(data, moved);
      var ready = hub.get("/health/ready");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).contains("\"status\":\"DOWN\"", "\"events\":\"DOWN\"");
      assertThat(hub.get("/health/ready/events").statusCode()).isEqualTo(503);
      assertThat(hub.get("/health/live").statusCode()).isEqualTo(200);
      var refused = hub.post(PUBLISH, EVENT);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      Files.move(moved, data);
      Awaitility.await().until(() -> hub.get("/health/ready").statusCode() == 200);
      assertThat(hub.post(PUBLISH, EVENT).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void asksForANewStartWhenTheBusHasEnded() throws Exception {
    try (RunningHub hub = RunningHub.on(folder)) {
      assertThat(hub.get("/health/live").statusCode()).isEqualTo(200);
      hub.hub().bus().orElseThrow().close();
      assertThat(hub.get("/health/live").statusCode()).isEqualTo(503);
    }
  }

  @Test
  void tellsItsFigures() throws Exception {
    try (RunningHub hub = RunningHub.on(folder)) {
      hub.post(PUBLISH, EVENT);
      hub.post(PUBLISH, "{}");
      hub.get(EVENTS);
      String metrics = hub.get("/metrics").body();
      assertThat(metrics)
          .contains("carillon_events_received_total 1.0")
          .contains("carillon_journal_sync_seconds_count 1")
          .contains(requests("write", "data_services", 200))
          .contains(requests("write", "data_services", 400))
          .contains(requests("read", "events", 200))
          .contains("jvm_gc_memory_allocated", "process_cpu_usage", "process_files_open_files")
          .containsPattern("carillon_certificate_expiry_seconds 7\\.0[78]\\d*E7") // 820 days
          .contains("carillon_ingest_pending_events")
          .contains("carillon_ingest_batch_size_count 1")
          .contains("carillon_store_size_bytes")
          .contains("carillon_ready 1.0");
    }
  }

  private static String requests(String access, String api, int status) {
    return "carillon_http_requests_seconds_count{access=\"%s\",api=\"%s\",status=\"%d\"} 1"
        .formatted(access, api, status);
  }
}
