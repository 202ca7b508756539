package dev.carillon.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.core.EventRejectedException;
import dev.carillon.core.Receipt;
import dev.carillon.core.SinkClosedException;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CoalescingSinkTest {

  private static final Duration LONG = Duration.ofHours(1);

  private final RecordingSink inside = new RecordingSink();

  private static CloudEvent event(int id, String type, int bytes) {
    return CloudEventBuilder.v1()
        .withId("e" + id)
        .withSource(URI.create("/s"))
        .withType(type)
        .withData("text/plain", "x".repeat(bytes).getBytes(StandardCharsets.UTF_8))
        .build();
  }

  private CoalescingSink sink(int events, int bytes, Duration age) {
    return new CoalescingSink(inside, new CoalescingPolicy(events, bytes, age));
  }

  @Test
  void sendsOnWhenThereAreEnoughAndGivesEachItsReceipt() {
    CoalescingSink sink = sink(3, 1000, LONG);
    List<CompletableFuture<Receipt>> sent = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      sent.add(sink.send(event(i, i == 4 ? "bad" : "good", 1)));
    }
    assertThat(inside.batches).extracting(List::size).containsExactly(3, 3);
    assertThat(sent.subList(0, 6)).allMatch(CompletableFuture::isDone);
    assertThat(sent.get(6)).isNotDone();
    assertThat(sent.get(5).join().eventId()).isEqualTo("e5");
    assertThatThrownBy(() -> sent.get(4).join()).hasCauseInstanceOf(EventRejectedException.class);
    sink.close();
    assertThat(sent.get(6).join().eventId()).isEqualTo("e6");
    assertThat(inside.closed).isTrue();
    assertThat(sink.send(event(9, "good", 1))).isCompletedExceptionally();
    assertThatThrownBy(() -> sink.send(event(9, "good", 1)).join())
        .hasCauseInstanceOf(SinkClosedException.class);
  }

  @Test
  void sendsOnWhenTheBytesAreEnough() {
    CoalescingSink sink = sink(100, 1000, LONG);
    var first = sink.send(event(1, "good", 600));
    assertThat(inside.batches).isEmpty();
    var second = sink.send(event(2, "good", 600));
    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    assertThat(inside.batches).extracting(List::size).containsExactly(2);
    sink.close();
  }

  @Test
  void sendsOnWhenTheFirstHasWaitedLongEnough() {
    CoalescingSink sink = sink(100, 1000, Duration.ofMillis(20));
    CompletableFuture<Receipt> one = sink.send(event(1, "good", 1));
    await().atMost(Duration.ofSeconds(20)).until(one::isDone);
    assertThat(inside.batches).hasSize(1);
    sink.close();
  }

  @Test
  void keepsOrderWhenABatchComesBetween() {
    CoalescingSink sink = sink(100, 1000, LONG);
    var first = sink.send(event(1, "good", 1));
    assertThat(sink.sendAll(List.of(event(2, "good", 1))).join()).hasSize(1);
    assertThat(inside.events).extracting(CloudEvent::getId).containsExactly("e1", "e2");
    assertThat(first).isCompleted();
    sink.close();
  }

  @Test
  void refusesPoliciesThatMakeNoSense() {
    assertThatThrownBy(() -> new CoalescingPolicy(0, 1, LONG))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CoalescingPolicy(1, 0, LONG))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CoalescingPolicy(1, 1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
