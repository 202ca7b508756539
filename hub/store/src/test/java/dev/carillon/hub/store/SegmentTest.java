package dev.carillon.hub.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentTest {

  private static final int BLOCK = 4096;
  private static final int BUFFER = 1 << 20;

  @TempDir private Path folder;
  private final ByteBuffer buffer = Segment.buffer();

  /** What is synced can be read at once, wherever records end. */
  @Test
  void holdsRecordsThatEndAnywhere() throws Exception {
    Random random = new Random(1);
    List<byte[]> records = new ArrayList<>();
    try (Segment segment = Segment.create(folder, 1, buffer)) {
      for (int round = 0; round < 60; round++) {
        for (int left = random.nextInt(3); left >= 0; left--) {
          byte[] record = new byte[length(segment.size(), round, random)];
          random.nextBytes(record);
          segment.add(record);
          records.add(record);
        }
        segment.sync();
        assertHolds(records);
      }
      assertThat(segment.size()).isGreaterThan(3 * BUFFER);
    }
  }

  /** A length by which a record ends at a block's end or close to it, is tiny, or huge. */
  private static int length(long size, int round, Random random) {
    int toBlock = (int) (BLOCK - (size + Segment.RECORD_HEADER) % BLOCK);
    return switch (round % 6) {
      case 0 -> toBlock;
      case 1 -> Math.max(1, toBlock - random.nextInt(12));
      case 2 -> toBlock + random.nextInt(12);
      case 3 -> 1;
      case 4 -> BUFFER / 8 + random.nextInt(BLOCK);
      default -> round == 29 ? 2 * BUFFER + 5 : 1 + random.nextInt(2000);
    };
  }

  private void assertHolds(List<byte[]> records) throws Exception {
    try (SegmentReader reader = new SegmentReader(Segment.list(folder).get(0))) {
      for (byte[] record : records) {
        assertThat(Arrays.equals(reader.next(), record)).isTrue();
      }
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void showsNothingOfTheSegmentThatHadItsBufferBefore() throws Exception {
    try (Segment before = Segment.create(folder, 1, buffer)) {
      before.add(new byte[100]);
    }
    Files.delete(Segment.list(folder).get(0));
    try (Segment segment = Segment.create(folder, 1, buffer)) {
      segment.sync();
    }
    assertHolds(List.of());
  }

  /** Not every file system can be written past the system's cache. */
  @Test
  void takesAFolderInMemory() throws Exception {
    Path shared = Path.of("/dev/shm");
    Path memory = Files.createTempDirectory(Files.isWritable(shared) ? shared : folder, "journal");
    try (Segment segment = Segment.create(memory, 1, buffer)) {
      segment.add(new byte[5000]);
      segment.sync();
      try (SegmentReader reader = new SegmentReader(Segment.list(memory).get(0))) {
        assertThat(reader.next()).hasSize(5000);
      }
    } finally {
      Segment.deleteAll(memory);
      Files.delete(memory);
    }
  }
}
