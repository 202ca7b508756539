package dev.carillon.analytics;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Operations on disk until they are accepted: numbered files of JSON lines, and a file {@code sent}
 * that says up to where they are. What was written survives the end of the process, however it
 * comes, since the operating system has it; a power cut may take the newest. Used under the
 * backlog's lock, but for reading.
 */
final class Spill implements AutoCloseable {

  private static final System.Logger log = System.getLogger(Spill.class.getName());
  private static final long LARGEST_SEGMENT = 16L << 20;

  /** Folders of this process. To open and close the file of a lock again would free the lock. */
  private static final Set<Path> inUse = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final long maxBytes;
  private final long segmentBytes;
  private final FileChannel lock;
  private final RandomAccessFile sent;
  private final Deque<SpillSegment> segments = new ArrayDeque<>();
  private List<Pending> recovered = List.of();
  private long next = 1;
  private boolean closed;

  private Spill(Path folder, long maxBytes, FileChannel lock, RandomAccessFile sent) {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.lock = lock;
    this.sent = sent;
    segmentBytes = Math.max(1, Math.min(LARGEST_SEGMENT, maxBytes / 8));
  }

  /**
   * Opens a folder, and reads what an earlier process left in it.
   *
   * @throws IOException if it cannot be used, or is used by another
   */
  static Spill open(Path folder, long maxBytes) throws IOException {
    Path real = createFolder(folder.toAbsolutePath()).toRealPath();
    if (!inUse.add(real)) {
      throw new IOException("another buffer of this process uses it");
    }
    try {
      return openLocked(real, maxBytes);
    } catch (IOException | RuntimeException e) {
      inUse.remove(real);
      throw e;
    }
  }

  /** Opens a file that only its owner can read, where the file system knows owners. */
  static RandomAccessFile openFile(Path file) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(file, ownersAlone(file, "rw-------"));
    }
    return new RandomAccessFile(file.toFile(), "rw");
  }

  private static Path createFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return folder;
    }
    Path parent = folder.getParent();
    if (parent != null) {
      Files.createDirectories(parent); // which others may use as well
    }
    return Files.createDirectories(folder, ownersAlone(folder, "rwx------"));
  }

  private static FileAttribute<?>[] ownersAlone(Path path, String permissions) {
    boolean knowsOwners = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    return knowsOwners
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static Spill openLocked(Path folder, long maxBytes) throws IOException {
    FileChannel lock =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (lock.tryLock() == null) {
        throw new IOException("another process uses it");
      }
      RandomAccessFile sent = openFile(folder.resolve("sent"));
      try {
        Spill spill = new Spill(folder, maxBytes, lock, sent);
        spill.recover();
        return spill;
      } catch (IOException | RuntimeException e) {
        sent.close();
        throw e;
      }
    } catch (OverlappingFileLockException e) {
      // not closed, which would free the other's lock
      throw new IOException("another buffer of this process uses it", e);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private void recover() throws IOException {
    byte[] position = new byte[(int) Math.min(64, sent.length())];
    sent.readFully(position);
    SpillReader reader = SpillReader.read(folder, new String(position, StandardCharsets.US_ASCII));
    recovered = reader.unsent();
    segments.addAll(reader.segments());
    next = reader.nextNumber();
    if (position.length == 0) {
      note(0, 0); // so that it has room when the disk is full
    }
  }

  /** What was left and has not been accepted, in order. */
  List<Pending> recovered() {
    return recovered;
  }

  /**
   * Keeps an operation.
   *
   * @throws BufferFullException if the folder has no room for it
   */
  Payload append(byte[] json) throws IOException {
    long held = segments.stream().mapToLong(SpillSegment::length).sum();
    if (json.length + 1 > maxBytes - held) {
      throw new BufferFullException("the spill folder holds " + held + " bytes, of " + maxBytes);
    }
    SpillSegment last = segments.peekLast();
    if (last == null || last.length() >= segmentBytes) {
      last = new SpillSegment(folder.resolve(name(next)), next, 0);
      segments.add(last);
      next++;
    }
    return new SpillLine(last, last.append(json), json.length);
  }

  static String name(long number) {
    return String.format(Locale.ROOT, "%020d.ndjson", number);
  }

  /** Forgets everything up to an operation, this one included. */
  void release(Payload upTo) {
    if (closed || !(upTo instanceof SpillLine line)) {
      return;
    }
    note(line.segment().number(), line.end());
    try {
      while (!segments.isEmpty() && isDone(segments.peek(), line.segment().number(), line.end())) {
        segments.remove().delete();
      }
    } catch (IOException e) {
      maySendTwice(e);
    }
  }

  /** Notes up to where operations are accepted. */
  private void note(long number, long end) {
    try {
      sent.seek(0);
      String position = String.format(Locale.ROOT, "%020d %020d\n", number, end);
      sent.write(position.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      maySendTwice(e);
    }
  }

  private static void maySendTwice(IOException e) {
    log.log(System.Logger.Level.WARNING, "events may be sent twice, under the same ids", e);
  }

  /** The last file is done as well when it is large, so that a long life does not fill the disk. */
  private boolean isDone(SpillSegment segment, long number, long end) {
    return segment.number() < number
        || (segment.number() == number
            && end == segment.length()
            && (segments.size() > 1 || end >= segmentBytes));
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    segments.forEach(Spill::close);
    close(sent);
    close(lock);
    inUse.remove(folder);
  }

  /** What was written is there, whatever closing says; the next buffer reads it. */
  private static void close(Closeable file) {
    try {
      file.close();
    } catch (IOException e) {
      log.log(System.Logger.Level.WARNING, "a file of the spill folder was not closed well", e);
    }
  }
}
