package dev.carillon.hub.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal's files: that each goes as soon as nobody needs it. */
class JournalTest {

  @TempDir Path folder;

  @Test
  void givesUpEachSegmentOnceWhatItHoldsIsStored() throws Exception {
    Backlog backlog = new Backlog(1000, 64 << 20); // which nothing leaves here
    try (Journal<LogEntry> journal =
        new Journal<>(folder, 1, 4_000, backlog, (first, entries, bytes) -> {})) {
      journal.start();
      for (int i = 0; i < 98; i++) { // four a segment: it has begun the last one by then
        byte[] data = ('"' + "x".repeat(1_000) + '"').getBytes(UTF_8);
        LogEntry entry =
            LogEntry.builder("e" + i, "/s", "t").time(Instant.EPOCH).data(data).build();
        journal.append(List.of(entry)).get();
      }
      List<Path> all = Segment.list(folder);
      assertThat(all).hasSizeGreaterThan(8);
      for (int kept : new int[] {1, 2, 5, all.size() - 1}) {
        journal.forgetUpTo(Segment.firstOf(all.get(kept)) - 1);
        assertThat(Segment.list(folder)).isEqualTo(all.subList(kept, all.size()));
      }
    }
  }
}
