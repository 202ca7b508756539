package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.EventException;
import dev.carillon.core.Outcome;
import dev.carillon.core.Receipt;
import dev.carillon.dataservices.EventClient;
import dev.carillon.testkit.FaultProxy;
import dev.carillon.testkit.HubProcess;
import dev.carillon.testkit.SampleEvents;
import io.cloudevents.CloudEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever happens between a client and a real hub: every future completes in bounded time, what
 * was acknowledged is there, and what certainly did not arrive is not.
 */
@Timeout(120)
final class ClientWorstDayTest {

  private static final int ALONE = 20;
  private static final int TOGETHER = 50;

  @TempDir private Path folder;
  private HubProcess hub;
  private FaultProxy proxy;
  private EventClient client;
  private final SampleEvents samples = new SampleEvents();
  private final Set<String> acknowledged = new HashSet<>();
  private final Map<String, EventException> failed = new HashMap<>();

  @BeforeEach
  void start() {
    hub = HubProcess.start(folder.resolve("data"));
    proxy = FaultProxy.before(hub.http().getPort());
    client = newClient(Duration.ofSeconds(15)); // a hub that has just started may take its time
    publish();
    assertThat(failed).isEmpty();
    client.close();
    client = newClient(Duration.ofSeconds(2));
    publish(); // so that it has connections when the day turns bad
    failed.clear();
  }

  private EventClient newClient(Duration requestTimeout) {
    return EventClient.builder()
        .url("http://127.0.0.1:" + proxy.port())
        .requestTimeout(requestTimeout)
        .pendingTimeout(requestTimeout.multipliedBy(2))
        .closeTimeout(Duration.ofMillis(500))
        .maxInFlight(8)
        .build();
  }

  @AfterEach
  void stop() {
    client.close();
    proxy.close();
    hub.close();
  }

  /** Sends events alone and together, and notes what became of each. */
  private void publish() {
    List<CloudEvent> alone = samples.take(ALONE);
    List<CompletableFuture<Receipt>> sent = alone.stream().map(client::send).toList();
    CompletableFuture<List<Outcome>> together = client.sendAll(samples.take(TOGETHER));
    for (int i = 0; i < ALONE; i++) {
      String id = alone.get(i).getId();
      note(
          sent.get(i)
              .handle((receipt, error) -> Outcome.of(id, receipt, error))
              .orTimeout(40, TimeUnit.SECONDS)
              .join());
    }
    together.orTimeout(40, TimeUnit.SECONDS).join().forEach(this::note);
  }

  private void note(Outcome outcome) {
    if (outcome instanceof Outcome.Failed failure) {
      failed.put(outcome.eventId(), failure.error());
    } else {
      acknowledged.add(outcome.eventId());
    }
  }

  private void assertAllFailedAndHonestly() {
    assertThat(failed).hasSize(ALONE + TOGETHER);
    assertHonest();
  }

  /** Checks the hub's log against what the client was told; then all is well again. */
  private void assertHonest() {
    assertThat(failed.values()).allMatch(EventException::isRetryable);
    publish();
    List<String> there = Log.assertHoldsOnce(hub.http(), acknowledged);
    failed.forEach(
        (id, error) -> {
          if (!error.mayHaveArrived()) {
            assertThat(there).as("what did not arrive, as told by %s", error).doesNotContain(id);
          }
        });
  }

  @Test
  void aHubThatIsNotThere() {
    proxy.refuse();
    client.close(); // its open connections are cut, and what it still writes there may arrive
    client = newClient(Duration.ofSeconds(2));
    publish();
    assertThat(failed.values()).noneMatch(EventException::mayHaveArrived);
    proxy.pass();
    assertAllFailedAndHonestly();
  }

  @Test
  void aHubThatGoesAway() {
    proxy.refuse();
    publish();
    proxy.pass();
    assertAllFailedAndHonestly();
  }

  @Test
  void aRequestThatIsCutOff() {
    proxy.cutAfter(100, Long.MAX_VALUE);
    publish();
    proxy.pass();
    assertAllFailedAndHonestly();
  }

  @Test
  void anAnswerThatIsCutOff() {
    proxy.cutAfter(Long.MAX_VALUE, 20);
    publish();
    assertThat(failed.values()).anyMatch(EventException::mayHaveArrived);
    proxy.pass();
    assertAllFailedAndHonestly();
  }

  @Test
  void aConnectionThatHangs() {
    proxy.hang();
    publish();
    proxy.pass();
    assertAllFailedAndHonestly();
  }

  @Test
  void aConnectionThatIsSlow() {
    proxy.slow(200);
    publish();
    proxy.pass();
    assertThat(failed).isNotEmpty();
    assertHonest();
  }

  @Test
  void aHubThatStandsStill() {
    hub.stall();
    publish();
    hub.resume();
    assertAllFailedAndHonestly();
  }

  @Test
  void aHubThatIsKilledMidway() {
    List<CompletableFuture<Receipt>> sent = samples.take(500).stream().map(client::send).toList();
    CompletableFuture.anyOf(sent.toArray(CompletableFuture[]::new))
        .orTimeout(40, TimeUnit.SECONDS)
        .join();
    hub.kill();
    for (CompletableFuture<Receipt> one : sent) {
      one.handle((receipt, error) -> error == null && acknowledged.add(receipt.eventId()))
          .orTimeout(40, TimeUnit.SECONDS)
          .join();
    }
    String port = Integer.toString(hub.http().getPort());
    hub = HubProcess.start(folder.resolve("data"), "--http-port", port);
    assertHonest();
  }

  @Test
  void closingIsBoundedOnTheWorstDayToo() {
    proxy.hang();
    List<CompletableFuture<Receipt>> sent = samples.take(ALONE).stream().map(client::send).toList();
    CompletableFuture.runAsync(client::close).orTimeout(10, TimeUnit.SECONDS).join();
    assertThat(sent).allMatch(CompletableFuture::isDone);
  }
}
