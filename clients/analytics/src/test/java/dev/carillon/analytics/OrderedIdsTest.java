package dev.carillon.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The ids that events get. */
class OrderedIdsTest {

  private static final long NOW = 0x018f_1234_5678L;

  private final AtomicLong millis = new AtomicLong(NOW);
  private final OrderedIds ids = new OrderedIds(millis::get);

  private List<String> next(int count) {
    return Stream.generate(ids::next).limit(count).map(UUID::toString).toList();
  }

  @Test
  void areOfVersionSevenAndBeginWithTheTime() {
    UUID id = ids.next();

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id.toString()).startsWith("018f1234-5678-7000-");
    millis.incrementAndGet();
    assertThat(ids.next().toString()).startsWith("018f1234-5679-7000-");
  }

  @Test
  void areInOrderAlsoWhereMoreAreMadeInAMillisecondThanItCounts() {
    List<String> many = next(4097);

    assertThat(many).isSorted().doesNotHaveDuplicates();
    assertThat(many.get(4095)).startsWith("018f1234-5678-7fff-");
    assertThat(many.get(4096)).startsWith("018f1234-5679-7000-");
  }

  @Test
  void areInOrderAlsoWhenTheClockIsPutBack() {
    String before = ids.next().toString();
    millis.addAndGet(-60_000);

    assertThat(next(10)).isSorted().allSatisfy(id -> assertThat(id).isGreaterThan(before));
  }

  @Test
  void areInOrderOnEachOfManyThreads() {
    List<CompletableFuture<List<String>>> threads =
        IntStream.range(0, 4)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> next(5_000)))
            .toList();

    assertThat(threads).allSatisfy(made -> assertThat(made.join()).isSorted());
    assertThat(threads.stream().flatMap(made -> made.join().stream())).doesNotHaveDuplicates();
  }
}
