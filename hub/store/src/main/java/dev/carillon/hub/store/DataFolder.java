package dev.carillon.hub.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The folder that a log lives in, held by one process at a time. */
final class DataFolder implements AutoCloseable {

  private final Path path;
  private final FileChannel lockFile;

  private DataFolder(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Creates the folder where it is missing and takes hold of it.
   *
   * @throws IOException with a text fit for a person, if it cannot be written or is held already
   */
  static DataFolder take(Path path) throws IOException {
    try {
      Files.createDirectories(journal(path));
      FileChannel lockFile =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(lockFile) == null) {
        lockFile.close();
        throw new IOException("data folder " + path + " is in use by another hub");
      }
      return new DataFolder(path, lockFile);
    } catch (FileSystemException e) {
      String reason = e.getReason() == null ? "a file is in the way" : e.getReason();
      throw new IOException("data folder " + path + " cannot be written: " + reason, e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }

  Path path() {
    return path;
  }

  Path journal() {
    return journal(path);
  }

  /** Where the journal of a folder is, if it has one. */
  static Path journal(Path folder) {
    return folder.resolve("journal");
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
