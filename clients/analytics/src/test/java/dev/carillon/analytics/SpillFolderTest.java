package dev.carillon.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.analytics.ScriptedServer.Reply;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The folder of a spill: how large it gets, who uses it, and what it may hold by accident. */
class SpillFolderTest extends SpillingClient {

  private List<Path> files() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".ndjson")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long bytes() {
    return files().stream().mapToLong(file -> file.toFile().length()).sum();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void isItsOwnersAlone() throws IOException {
    Path mine = folder.resolve("mine");
    BufferPolicy policy = BufferPolicy.builder().maxAge(SHORT).spill(mine).build();
    server.script(request -> Reply.refusal(503, "away"));
    assertThat(track(client.openBuffer(policy), 0, 1)).hasSize(1);

    assertThat(permissions(mine)).isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(mine)) {
      assertThat(files.filter(file -> !file.endsWith("lock")))
          .isNotEmpty()
          .allSatisfy(file -> assertThat(permissions(file)).isEqualTo("rw-------"));
    }
  }

  @Test
  void knowsWhatWasSentWhateverTheDigitsOfTheLocale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      BufferPolicy policy = BufferPolicy.builder().maxAge(SHORT).spill(folder).build();
      EventBuffer first = client.openBuffer(policy);
      assertThat(track(first, 0, 3)).hasSize(3);
      assertThat(first.close(LONG)).isEqualTo(new FlushReport(3, 0, List.of()));
      assertThat(client.openBuffer(policy).size()).isZero();
    } finally {
      Locale.setDefault(before);
    }
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void boundsTheFolder() {
    server.script(request -> Reply.refusal(503, "away"));
    long most = 20_000;
    BufferPolicy small =
        BufferPolicy.builder().max(100_000, most).maxAge(SHORT).spill(folder).build();
    EventBuffer buffer = client.openBuffer(small);
    List<CompletableFuture<String>> results = new ArrayList<>(track(buffer, 0, 500));

    assertThat(results.get(499))
        .failsWithin(LONG)
        .withThrowableThat()
        .withCauseInstanceOf(BufferFullException.class)
        .withMessageContaining("spill folder");
    assertThat(bytes()).isBetween(most / 2, most);

    server.script(ScriptedServer::accept);
    assertThat(buffer.flush(LONG).isComplete()).isTrue();
    for (int round = 0; round < 20; round++) {
      results.addAll(track(buffer, 0, 50));
      assertThat(buffer.flush(LONG).isComplete()).isTrue();
      assertThat(bytes()).isLessThanOrEqualTo(most);
    }
    assertThat(buffer.flush(LONG).accepted()).isGreaterThan(1_000);
    assertThat(files()).hasSizeLessThan(4);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void emptiesAFolderOnAFullDisk() throws IOException {
    assertThat(Files.createSymbolicLink(folder.resolve("sent"), Path.of("/dev/full"))).exists();
    server.script(request -> Reply.refusal(503, "away"));
    EventBuffer buffer =
        client.openBuffer(
            BufferPolicy.builder().max(1_000, 20_000).maxAge(SHORT).spill(folder).build());
    List<CompletableFuture<String>> results = track(buffer, 0, 50);
    assertThat(files()).hasSizeGreaterThan(2);

    server.script(ScriptedServer::accept);
    assertThat(buffer.flush(LONG)).isEqualTo(new FlushReport(50, 0, List.of()));

    assertThat(results).allMatch(CompletableFuture::isDone);
    assertThat(files()).as("but the one that is written to").hasSizeLessThan(2);
  }

  @Test
  void hasRoomToSayWhatWasSentBeforeTheDiskIsFull() {
    try (EventBuffer buffer = client.openBuffer(policy())) {
      assertThat(buffer.size()).isZero();
      assertThat(folder.resolve("sent")).isNotEmptyFile();
    }
  }

  @Test
  void isUsedByOneBufferAtATime() throws Exception {
    EventBuffer first = client.openBuffer(policy());

    assertThatThrownBy(() -> client.openBuffer(policy()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(folder.toString());
    Process other =
        SpillingProcess.of(folder, server.url(), "conversation", 1)
            .redirectErrorStream(true)
            .start();
    BufferedReader said = other.inputReader(StandardCharsets.UTF_8);
    assertThat(said.readLine()).as("another process").contains("cannot use the spill folder");
    assertThat(said.lines()).anyMatch(line -> line.contains("another process uses it"));

    first.close();
    client.openBuffer(policy()).close();
  }

  @Test
  void isNotOpenedByAClientThatIsClosedOrBeingClosed() {
    server.script(request -> Reply.refusal(503, "away"));
    Path other = folder.resolve("other");
    BufferPolicy otherPolicy = BufferPolicy.builder().spill(other).build();
    AnalyticsClient closing =
        AnalyticsClient.builder().baseUrl(server.url()).closeTimeout(SHORT).build();
    EventBuffer buffer = closing.openBuffer(policy());
    CompletableFuture<EventBuffer> whileClosing =
        track(buffer, 0, 1).get(0).handle((id, error) -> closing.openBuffer(otherPolicy));
    closing.close();

    assertThat(whileClosing)
        .failsWithin(LONG)
        .withThrowableThat()
        .withMessageContaining("the analytics client is closed");
    assertThatThrownBy(() -> closing.openBuffer(policy()))
        .isInstanceOf(AnalyticsException.class)
        .hasMessageContaining("the analytics client is closed");

    server.script(ScriptedServer::accept);
    try (EventBuffer next = client.openBuffer(policy());
        EventBuffer free = client.openBuffer(otherPolicy)) {
      assertThat(next.flush(LONG)).isEqualTo(new FlushReport(1, 0, List.of()));
      assertThat(free.size()).isZero();
    }
  }

  @Test
  void passesOverWhatWasBeingWrittenAndWhatIsNone() throws IOException {
    server.script(request -> Reply.refusal(503, "away"));
    EventBuffer first = client.openBuffer(policy());
    List<CompletableFuture<String>> results = track(first, 0, 3);
    first.close(SHORT);
    assertThat(results).hasSize(3);
    Files.writeString(
        files().get(0),
        "{\"operation\":\"dance\",\"id\":1}\nnoise\n{\"id\":\"cu",
        StandardOpenOption.APPEND);

    server.script(ScriptedServer::accept);
    try (EventBuffer second = client.openBuffer(policy())) {
      assertThat(second.size()).isLessThanOrEqualTo(3);
      assertThat(second.flush(LONG)).isEqualTo(new FlushReport(3, 0, List.of()));
    }
  }

  @Test
  void keepsWhatComesAfterWhatWasBeingWritten() throws IOException {
    server.script(request -> Reply.refusal(503, "away"));
    for (int life = 0; life < 2; life++) {
      try (EventBuffer buffer = client.openBuffer(policy())) {
        assertThat(track(buffer, life, life + 1)).hasSize(1);
        buffer.close(Duration.ZERO);
      }
      Files.writeString(files().get(0), "{\"id\":\"cu", StandardOpenOption.APPEND);
    }

    server.script(ScriptedServer::accept);
    try (EventBuffer last = client.openBuffer(policy())) {
      assertThat(last.flush(LONG)).isEqualTo(new FlushReport(2, 0, List.of()));
    }
  }
}
