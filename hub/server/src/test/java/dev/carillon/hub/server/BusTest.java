package dev.carillon.hub.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** What passes through the hub's bus is in its log. */
@Timeout(60)
class BusTest extends HubTest {

  private static final String SEED =
      "{ \"type\": \"started\", \"time\": \"2026-11-01T12:00:00+01:00\", \"step\": 1.10 }";

  private final ZContext context = new ZContext();

  @Override
  List<String> flags() {
    return List.of("--bus-ack-port=0");
  }

  @AfterEach
  void stop() {
    context.close();
  }

  private List<JsonNode> stored(int count) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> hub.json(hub.get(RunningHub.EVENTS)).size() >= count);
    List<JsonNode> events = new ArrayList<>();
    try {
      hub.json(hub.get(RunningHub.EVENTS)).forEach(events::add);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    assertThat(events).hasSize(count);
    return events;
  }

  private ZMQ.Socket socket(SocketType type) {
    ZMQ.Socket socket = context.createSocket(type);
    socket.setReceiveTimeOut(20_000);
    socket.setHandshakeIvl(500); // JeroMQ forgets a few of the connections that it makes until then
    return socket;
  }

  private ZMQ.Socket publisher() {
    ZMQ.Socket publisher = socket(SocketType.XPUB);
    publisher.setLinger(20_000);
    publisher.connect(hub.hub().bus().orElseThrow().publishAddress().toString());
    byte[] wish = publisher.recv();
    while (wish != null && !new String(wish, UTF_8).endsWith("offer/gzip")) {
      wish = publisher.recv();
    }
    return publisher;
  }

  private static void send(ZMQ.Socket socket, String... frames) {
    for (int i = 0; i < frames.length; i++) {
      socket.send(frames[i].getBytes(UTF_8), i < frames.length - 1 ? ZMQ.SNDMORE : 0);
    }
  }

  /** Sends an event to the port that answers; the answer's status and detail. */
  private List<String> ask(ZMQ.Socket dealer, String id, String topic, String payload) {
    send(dealer, "CB1", id, topic, payload);
    List<String> frames = new ArrayList<>();
    do {
      frames.add(dealer.recvStr());
    } while (dealer.hasReceiveMore());
    assertThat(frames).startsWith("CB1", id);
    return frames.subList(2, 4);
  }

  private ZMQ.Socket dealer() {
    ZMQ.Socket dealer = socket(SocketType.DEALER);
    dealer.connect(
        hub.hub().bus().orElseThrow().acknowledgeAddress().map(URI::toString).orElseThrow());
    return dealer;
  }

  @Test
  void storesEventsUnderTheirTopicWholeAndWithTheirTime() {
    send(publisher(), "my_service", SEED);
    JsonNode event = stored(1).get(0);
    assertThat(event.get("type").textValue()).isEqualTo("started");
    assertThat(event.get("subject").textValue()).isEqualTo("my_service");
    assertThat(event.get("source").textValue()).isEqualTo("/eventbus/my_service");
    assertThat(event.get("time").textValue()).isEqualTo("2026-11-01T11:00:00Z");
    assertThat(event.get("id").textValue()).isNotEmpty();
    assertThat(event.get("data").toString())
        .isEqualTo("{\"type\":\"started\",\"time\":\"2026-11-01T12:00:00+01:00\",\"step\":1.1}");
  }

  @Test
  void answersWhenAnEventIsStoredAndStoresAnIdOnce() {
    ZMQ.Socket dealer = dealer();
    assertThat(ask(dealer, "a", "t", SEED)).containsExactly("STORED", "");
    assertThat(ask(dealer, "a", "t", SEED)).containsExactly("STORED", "");
    assertThat(ask(dealer, "b", "t", "{\"type\":\"x\",\"id\":\"its own\"}").get(0))
        .isEqualTo("STORED");
    assertThat(stored(2))
        .extracting(event -> event.get("id").textValue())
        .containsExactly("a", "its own");
  }

  @Test
  void storesCloudEventsWhoseSourceIsNoUri() {
    String event = "{\"specversion\":\"1.0\",\"id\":\"8\",\"source\":\"the lab\",\"type\":\"x\"}";
    assertThat(ask(dealer(), "1", "lab", event)).containsExactly("STORED", "");
    assertThat(stored(1).get(0).get("source").textValue()).isEqualTo("the lab");
  }

  @Test
  void storesCloudEventsAsTheyAre() {
    ZMQ.Socket dealer = dealer();
    String event =
        "{\"specversion\":\"1.0\",\"id\":\"7\",\"source\":\"/lab\",\"type\":\"moved\","
            + "\"subject\":\"s\",\"time\":\"2026-11-01T00:00:00Z\",\"data\":{\"a\":1}}";
    assertThat(ask(dealer, "wire", "s", event).get(0)).isEqualTo("STORED");
    JsonNode stored = stored(1).get(0);
    assertThat(stored.get("id").textValue()).isEqualTo("7");
    assertThat(stored.get("source").textValue()).isEqualTo("/lab");
    assertThat(stored.get("data").toString()).isEqualTo("{\"a\":1}");
  }

  @Test
  void saysWhatIsWrongAndGoesOn() throws Exception {
    ZMQ.Socket dealer = dealer();
    for (String bad :
        List.of(
            "",
            "no JSON",
            "[]",
            "{}",
            "{\"type\":1}",
            "{\"type\":\" \"}",
            SEED + "{}",
            "{\"type\":\"a\",\"x\":\"\\u0000\"}",
            "{\"specversion\":\"1.0\",\"type\":\"a\"}")) {
      List<String> answer = ask(dealer, "id", "t", bad);
      assertThat(answer.get(0)).as(bad).isEqualTo("REJECTED");
      assertThat(answer.get(1)).as(bad).isNotEmpty();
    }
    assertThat(ask(dealer, "id", "t\u0001", SEED).get(1)).contains("topic");
    assertThat(ask(dealer, "id", "t", SEED).get(0)).isEqualTo("STORED");
    stored(1);
    assertThat(hub.get("/metrics").body())
        .contains("carillon_bus_unreadable_total 10.0")
        .contains("carillon_bus_messages_total 11.0")
        .contains("carillon_bus_refused_subscriptions_total 0.0");
  }

  @Test
  void showsWhatPassesInTheLiveStream() throws Exception {
    try (Socket reader = hub.socket()) {
      reader
          .getOutputStream()
          .write("GET /api/events/stream HTTP/1.1\r\nHost: hub\r\n\r\n".getBytes(UTF_8));
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(reader.getInputStream(), UTF_8));
      assertThat(lines.readLine()).contains("200");
      ask(dealer(), "live", "t", SEED);
      String line = lines.readLine();
      while (line != null && !line.startsWith("data:")) {
        line = lines.readLine();
      }
      assertThat(line).contains("\"id\":\"live\"");
    }
  }

  @Test
  void storesOnlyTheTopicsItWasTold() throws Exception {
    hub.close();
    start("--bus-topic=kept");
    ZMQ.Socket dealer = dealer();
    assertThat(ask(dealer, "1", "passed", SEED).get(0)).isEqualTo("ACKNOWLEDGED");
    assertThat(ask(dealer, "2", "kept", SEED).get(0)).isEqualTo("STORED");
    assertThat(stored(1).get(0).get("id").textValue()).isEqualTo("2");
  }

  @Test
  void storesWhatHadComeWhenItCloses() throws Exception {
    ZMQ.Socket publisher = publisher();
    publisher.setSndHWM(0);
    for (int i = 0; i < 500; i++) {
      send(publisher, "t", "{\"type\":\"n\",\"id\":\"" + i + "\"}");
    }
    await().until(() -> hub.hub().bus().orElseThrow().statistics().messages() == 500);
    hub.close();
    start();
    assertThat(hub.json(hub.get(RunningHub.EVENTS + "?limit=1000"))).hasSize(500);
  }

  @Test
  void soManyMayBeConnectedAsItIsTold() throws Exception {
    hub.close();
    start("--bus-max-connections=1");
    URI port = hub.hub().bus().orElseThrow().subscribeAddress();
    try (Socket first = new Socket(port.getHost(), port.getPort());
        Socket second = new Socket(port.getHost(), port.getPort())) {
      assertThat(first.getInputStream().read()).isEqualTo(0xff);
      assertThat(second.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void refusesABusThatCannotBe() throws Exception {
    Path other = folder.resolve("other");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> RunningHub.on(other, "--bus-pub-port=" + port))
          .isInstanceOf(HubStartException.class)
          .hasMessageContaining("port " + port);
    }
    assertThatThrownBy(() -> RunningHub.on(other, "--bus-key=keys"))
        .hasMessageContaining("--bus-clients");
    assertThatThrownBy(() -> RunningHub.on(other, "--bus-max-connections=0"))
        .hasMessageContaining("--bus-max-connections");
  }

  @Test
  void staysOnLoopbackUnlessItIsGuarded() {
    assertThat(busBind()).isEqualTo("127.0.0.1");
    assertThat(busBind("--bus-key=keys", "--bus-clients=clients")).isEqualTo("0.0.0.0");
    assertThat(busBind("--bus-bind=0.0.0.0")).isEqualTo("0.0.0.0");
  }

  /** Where the bus of a hub listens that is open to the network. */
  private String busBind(String... more) {
    List<String> flags = new ArrayList<>(List.of("--bind=0.0.0.0", "--api-key=secret"));
    flags.addAll(List.of(more));
    return RunningHub.config(folder, flags.toArray(String[]::new)).busBind();
  }
}
