package dev.carillon.eventbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.core.EventConnectionException;
import dev.carillon.core.Guarantee;
import dev.carillon.core.Receipt;
import dev.carillon.eventbus.TestEvents.Event;
import dev.carillon.eventbus.TestEvents.Kind;
import dev.carillon.eventbus.TestEvents.Topic;
import dev.carillon.zeromq.KeyFile;
import dev.carillon.zeromq.KeyFile.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
final class CurveTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private CurveKeys server;
  private CurveKeys friend;
  private ProxyPeer bus;

  @BeforeEach
  void start() throws IOException {
    server = CurveKeys.generate(folder, "server");
    friend = CurveKeys.generate(folder.resolve("friend"), "friend");
    Path clients = Files.createDirectory(folder.resolve("clients"));
    Files.copy(friend.publicFile(), clients.resolve("friend.key"));
    bus = ProxyPeer.with(builder -> builder.curve(server.secretFile(), clients).acknowledgePort(0));
  }

  @AfterEach
  void stop() {
    bus.close();
  }

  private EventBusClientBuilder<Event, Kind, Topic> with(CurveKeys own) throws IOException {
    return TestEvents.builder(bus).curve(own.secretFile(), server.publicFile());
  }

  @Test
  void thoseWhoAreKnownTalkAndNothingIsLost() throws IOException {
    try (var client = with(friend).build()) {
      client.connect();
      client.subscribe(Topic.my_service);
      for (int i = 0; i < 5_000; i++) {
        client.emitEvent(Event.of(Kind.updated, i), Topic.my_service);
        if (i >= 500) { // no more under way than the proxy keeps for a receiver
          assertThat(client.receiveEvent(LONG)).map(Event::number).contains(i - 500L);
        }
      }
    }
  }

  @Test
  void keysMayBeGivenAsTexts() throws IOException {
    KeyFile own = KeyFile.read(friend.secretFile());
    String open = own.text(Part.PUBLIC);
    String secret = own.text(Part.SECRET);
    String proxys = KeyFile.read(server.publicFile()).text(Part.PUBLIC);
    try (var client = TestEvents.builder(bus).curve(open, secret, proxys).build()) {
      client.connect();
      client.subscribe(Topic.my_service);
      client.emitEvent(Event.of(Kind.updated, 1), Topic.my_service);
      assertThat(client.receiveEvent(LONG)).map(Event::number).contains(1L);
    }
    String cut = secret.substring(1);
    assertNoKey(() -> TestEvents.builder(bus).curve(cut, secret, proxys), "ownPublicKey", cut);
    assertNoKey(() -> TestEvents.builder(bus).curve(open, cut, proxys), "ownSecretKey", cut);
    String blank = " " + cut;
    assertNoKey(() -> TestEvents.builder(bus).curve(open, secret, blank), "proxysPublicKey", cut);
  }

  private static void assertNoKey(ThrowingCallable curve, String name, String value) {
    assertThatThrownBy(curve)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name + " is not 40 characters of Z85")
        .hasMessageNotContaining(value);
  }

  @Test
  void aKeyThatIsNotAllowedIsToldAndNotTriedHotly() throws IOException {
    CurveKeys stranger = CurveKeys.generate(folder.resolve("stranger"), "stranger");
    List<String> reasons = new CopyOnWriteArrayList<>();
    try (var client =
        with(stranger)
            .stateListener((state, reason) -> reasons.add(state + " " + reason))
            .build()) {
      assertThatThrownBy(client::connect)
          .isInstanceOf(EventConnectionException.class)
          .hasMessageContaining("refuses this client's key");
      assertThat(client.state()).isEqualTo(ConnectionState.REFUSED);
      await().atMost(LONG).until(() -> reasons.stream().anyMatch(r -> r.startsWith("REFUSED")));
      Files.copy(stranger.publicFile(), folder.resolve("clients").resolve("stranger.key"));
      await().atMost(LONG).until(client::isConnected);
    }
    assertThat(bus.passed()).isZero();
  }

  @Test
  void aKeyThatIsNotAllowedIsToldThoughTheProxyAnswersOthers() throws IOException {
    CurveKeys stranger = CurveKeys.generate(folder.resolve("stranger"), "stranger");
    try (var client = with(stranger).publishOnly().acknowledgePort(bus.acknowledgePort()).build()) {
      assertThatThrownBy(client::connect)
          .isInstanceOf(EventConnectionException.class)
          .hasMessageContaining("refuses this client's key");
    }
    try (var client = with(friend).publishOnly().acknowledgePort(bus.acknowledgePort()).build()) {
      client.connect();
      assertThat(client.emitEventAsync(Event.of(Kind.updated, 1), Topic.my_service))
          .succeedsWithin(LONG)
          .extracting(Receipt::guarantee)
          .isEqualTo(Guarantee.STORED);
    }
  }

  @Test
  void whatIsNoKeyFileLetsNobodyIn() throws IOException {
    CurveKeys stranger = CurveKeys.generate(folder.resolve("stranger"), "stranger");
    Path clients = folder.resolve("clients");
    addStrays(clients);
    assertLetsInOnly(friend, stranger);
    bus.stop();
    bus.start();
    assertLetsInOnly(friend, stranger);
  }

  private static void addStrays(Path clients) throws IOException {
    Files.writeString(clients.resolve("README"), "Put clients' keys here.\nOne file each.");
    Files.write(clients.resolve(".DS_Store"), new byte[] {0, 0, 0, 1, 'B', 'u', 'd', '1'});
    Files.writeString(clients.resolve("copied.key"), "curve\n    public-key = \"Yne@$w-v");
    Files.createSymbolicLink(clients.resolve("gone.key"), clients.resolve("nowhere"));
    Files.createDirectory(clients.resolve("more"));
  }

  private void assertLetsInOnly(CurveKeys known, CurveKeys unknown) throws IOException {
    try (var client = with(unknown).build()) {
      assertThatThrownBy(client::connect)
          .isInstanceOf(EventConnectionException.class)
          .hasMessageContaining("refuses this client's key");
    }
    try (var client = with(known).build()) {
      client.connect();
    }
  }

  @Test
  void aFolderThatIsGoneLetsNobodyInUntilItIsBack() throws IOException {
    Path clients = folder.resolve("clients");
    Files.move(clients, folder.resolve("moved"));
    try (var client = with(friend).build()) {
      assertThatThrownBy(client::connect).hasMessageContaining("refuses this client's key");
      Files.move(folder.resolve("moved"), clients);
      await().atMost(LONG).until(client::isConnected);
    }
  }

  @Test
  void anEncryptingProxyCannotBePaused() {
    assertThatThrownBy(bus.proxy()::pause).isInstanceOf(IllegalStateException.class);
    assertThat(bus.proxy().isPaused()).isFalse();
  }

  @Test
  void aWrongServerKeyIsTold() throws IOException {
    try (var client =
        TestEvents.builder(bus).curve(friend.secretFile(), friend.publicFile()).build()) {
      assertThatThrownBy(client::connect)
          .isInstanceOf(EventConnectionException.class)
          .hasMessageContaining("key");
      assertThat(client.state()).isEqualTo(ConnectionState.REFUSED);
    }
  }

  @Test
  void aClientWithoutKeysIsTold() {
    try (var client = TestEvents.builder(bus).build()) {
      assertThatThrownBy(client::connect)
          .isInstanceOf(EventConnectionException.class)
          .hasMessageContaining("CURVE");
    }
  }

  @Test
  void secretKeysAreTheOwnersOnlyAndNeverOverwritten() throws IOException {
    assertThat(Files.getPosixFilePermissions(server.secretFile()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(Files.readString(server.publicFile())).doesNotContain("secret-key");
    assertThatThrownBy(() -> CurveKeys.generate(folder, "server")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> with(new CurveKeys(server.publicFile(), server.publicFile())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("secret-key");
    assertThat(with(friend).build().toString()).doesNotContain("secret");
  }

  @Test
  void blockingAndNoDropAreRefusedWithCurve() throws IOException {
    EventBusClientBuilder<Event, Kind, Topic> blocking = with(friend).noDrop();
    assertThatThrownBy(blocking::build).hasMessageContaining("CURVE");
  }
}
