package dev.carillon.hub.store;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * One file of the journal: a magic word, then records of a length, a checksum and that many bytes.
 * Its name is the position of its first record. The checksum is a CRC-32C that the file's name has
 * gone into, so that a file whose room is used again does not show what it held before. Not
 * thread-safe.
 */
final class Segment implements AutoCloseable {

  static final int RECORD_HEADER = 8;

  /** The largest record: what claims to be larger is taken for the torn end of a file. */
  static final int MAX_RECORD = 8 << 20;

  static final long MAGIC = 0x4341524A524E4C32L; // "CARJRNL2"
  private static final String SUFFIX = ".journal";
  private static final Pattern NAME = Pattern.compile("\\d{20}" + Pattern.quote(SUFFIX));
  private static final String SPARE = "spare";
  private static final int BLOCK = 4096; // what is written begins and ends with a block of the disk
  private static final int BUFFER_BYTES = 1 << 20;
  private static final ByteBuffer ROOM = blocks(2 << 20);
  private static final byte[] ZEROS = new byte[BLOCK];
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Elsewhere than on Linux a write with {@code O_DSYNC} may still be in the disk's cache. */
  private static final boolean DURABLE_WRITES = "Linux".equals(System.getProperty("os.name"));

  private final Path path;
  private final long first;
  private final FileChannel channel;
  private final ByteBuffer buffer;
  private final SameFile file;
  private final CRC32C crc = new CRC32C();
  private long written; // whole blocks, in bytes: where the buffer begins in the file
  private long allocated;
  private long lookedAt = System.nanoTime();

  private Segment(Path path, long first, FileChannel channel, ByteBuffer buffer)
      throws IOException {
    this.path = path;
    this.first = first;
    this.channel = channel;
    this.buffer = buffer.clear();
    this.allocated = channel.size();
    this.file = SameFile.at(path);
  }

  /** Room for what a segment has not written yet; for one segment after the other. */
  static ByteBuffer buffer() {
    return blocks(BUFFER_BYTES);
  }

  private static ByteBuffer blocks(int bytes) {
    return ByteBuffer.allocateDirect(bytes + BLOCK).alignedSlice(BLOCK).limit(bytes).slice();
  }

  /**
   * Creates an empty segment, replacing one that begins at the same position; one that is written
   * past the system's cache where the disk takes that, since it is seldom read again.
   *
   * @param buffer of {@link #buffer}, and used by no other segment any more
   */
  static Segment create(Path folder, long first, ByteBuffer buffer) throws IOException {
    Path path = folder.resolve(String.format(Locale.ROOT, "%020d%s", first, SUFFIX));
    Set<OpenOption> options = new HashSet<>(Set.of(WRITE, ExtendedOpenOption.DIRECT));
    if (DURABLE_WRITES) {
      options.add(DSYNC);
    }
    if (!takeSpare(folder, path)) {
      options.addAll(Set.of(CREATE, TRUNCATE_EXISTING));
    }
    try {
      return begin(path, first, options, buffer);
    } catch (UnsupportedOperationException | IOException notDirectly) {
      options.remove(ExtendedOpenOption.DIRECT);
      return begin(path, first, options, buffer);
    }
  }

  private static Segment begin(Path path, long first, Set<OpenOption> options, ByteBuffer buffer)
      throws IOException {
    FileChannel channel = FileChannel.open(path, options);
    try {
      Segment segment = new Segment(path, first, channel, buffer);
      buffer.putLong(MAGIC);
      segment.sync();
      channel.force(true);
      forceName(path);
      return segment;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void forceName(Path file) throws IOException {
    try (FileChannel folder = FileChannel.open(file.getParent(), READ)) {
      folder.force(true);
    }
  }

  /** The segments of a folder, oldest first. */
  static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> NAME.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  static void deleteAll(Path folder) throws IOException {
    Files.deleteIfExists(folder.resolve(SPARE));
    for (Path segment : list(folder)) {
      Files.delete(segment);
    }
  }

  /** Gives a segment up; one is kept, for its room, which need not be made anew. */
  static void giveUp(Path segment) throws IOException {
    Path spare = segment.resolveSibling(SPARE);
    if (Files.exists(spare)) {
      Files.deleteIfExists(segment);
    } else {
      Files.move(segment, spare, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /**
   * Keeps a copy of a damaged segment, which nothing of the journal reads or removes.
   *
   * @return the copy
   */
  static Path keep(Path segment) throws IOException {
    Path copy = segment.resolveSibling(segment.getFileName() + ".damaged");
    if (!Files.exists(copy) || Files.size(copy) < Files.size(segment)) {
      Path made = segment.resolveSibling(segment.getFileName() + ".copy");
      Files.copy(segment, made, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel copied = FileChannel.open(made, WRITE)) {
        copied.force(true);
      }
      Files.move(made, copy, StandardCopyOption.ATOMIC_MOVE);
      forceName(copy);
    }
    return copy;
  }

  private static boolean takeSpare(Path folder, Path path) throws IOException {
    try {
      Files.move(folder.resolve(SPARE), path, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** The position of a segment's first record. */
  static long firstOf(Path path) {
    String name = path.getFileName().toString();
    return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
  }

  /** Adds a record, which is durable after the next {@link #sync}. */
  void add(byte[] payload) throws IOException {
    if (buffer.remaining() < RECORD_HEADER) {
      write();
    }
    buffer.putInt(payload.length).putInt(checksum(payload, crc, first));
    for (int done = 0; done < payload.length; ) {
      if (!buffer.hasRemaining()) {
        write();
      }
      int part = Math.min(buffer.remaining(), payload.length - done);
      buffer.put(payload, done, part);
      done += part;
    }
  }

  /** The checksum of a record of the segment that begins at a position. */
  static int checksum(byte[] payload, CRC32C crc, long first) {
    crc.reset();
    crc.update(payload);
    return (int) crc.getValue() ^ Long.hashCode(first);
  }

  long first() {
    return first;
  }

  long size() {
    return written + buffer.position();
  }

  /** Makes what was added durable, and sure that it is where it will be looked for. */
  void sync() throws IOException {
    write();
    if (!DURABLE_WRITES) {
      channel.force(false);
    }
    requireInPlace();
  }

  /** That the name is there is asked each time; whose it is once a second, for what that costs. */
  private void requireInPlace() throws IOException {
    if (!hasItsName()) {
      throw new IOException("journal file is gone: " + path);
    }
    long now = System.nanoTime();
    if (now - lookedAt > LOOK_NANOS) {
      lookedAt = now;
      if (!isInPlace()) {
        throw new IOException("another file has taken the place of the journal's " + path);
      }
    }
  }

  /** Writes what is in the buffer, and keeps of it what the next write begins with. */
  private void write() throws IOException {
    int end = buffer.position();
    int begun = end % BLOCK;
    if (begun > 0) {
      buffer.put(ZEROS, begun, BLOCK - begun);
    }
    write(buffer.flip());
    int whole = end - begun;
    written += whole;
    buffer.clear().put(0, buffer, whole, begun).position(begun);
  }

  /**
   * Writes blocks, into room that was used before or is written with zeros ahead: a write that need
   * not also record a new size takes half the time, and a disk that fills up shows before an event
   * is written.
   */
  private void write(ByteBuffer blocks) throws IOException {
    while (allocated < written + blocks.remaining()) {
      allocated += channel.write(ROOM.duplicate(), allocated);
    }
    for (long at = written; blocks.hasRemaining(); ) {
      at += channel.write(blocks, at);
    }
  }

  /**
   * Whether a start would find this very file, and not a copy that took its place. Costs the next
   * write half of its time, so that it is not asked with each: see {@link #hasItsName}.
   */
  boolean isInPlace() {
    return file.isInPlace();
  }

  /**
   * Whether a start would find a file of this name. Not asked by {@code stat}, as {@code exists}
   * does: Linux gives a file whose times were looked at a new time with the next write, and a write
   * with {@code O_DSYNC} then takes half as long again, since the inode is written too.
   */
  private boolean hasItsName() {
    return path.toFile().canRead();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
