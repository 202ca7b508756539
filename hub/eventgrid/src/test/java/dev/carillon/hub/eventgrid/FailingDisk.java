package dev.carillon.hub.eventgrid;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.store.fs.FileBase;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.h2.store.fs.disk.FilePathDisk;

/** A folder on a disk that takes no more whenever a test says so. MVStore's files may lie there. */
public final class FailingDisk extends FilePathWrapper {

  private static final AtomicInteger refused = new AtomicInteger();
  private static volatile String scheme = "";
  private static volatile boolean refusing;

  /** One at a time; what a path has before its first colon is the name of a file system. */
  static FailingDisk at(Path folder) {
    refusing = false;
    scheme = folder.resolve("failing").toString();
    FailingDisk disk = new FailingDisk();
    FilePath.register(disk);
    return disk;
  }

  Path folder(String name) {
    return Path.of(scheme + ":" + name);
  }

  /** Takes no more from now on; returns what it has refused so far. */
  int refuse() {
    refusing = true;
    return refused();
  }

  void accept() {
    refusing = false;
  }

  int refused() {
    return refused.get();
  }

  @Override
  public String getScheme() {
    return scheme;
  }

  @Override
  protected FilePath unwrap(String path) {
    return new FilePathDisk().getPath(path);
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    return new Channel(super.open(mode));
  }

  private static final class Channel extends FileBase {
    private final FileChannel file;

    Channel(FileChannel file) {
      this.file = file;
    }

    @Override
    public synchronized int write(ByteBuffer bytes, long position) throws IOException {
      if (refusing) {
        refused.incrementAndGet();
        throw new IOException("No space left on device");
      }
      return file.write(bytes, position);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int length = write(bytes, position());
      file.position(position() + length);
      return length;
    }

    @Override
    public int read(ByteBuffer bytes) throws IOException {
      return file.read(bytes);
    }

    @Override
    public synchronized int read(ByteBuffer bytes, long position) throws IOException {
      return file.read(bytes, position);
    }

    @Override
    public long position() throws IOException {
      return file.position();
    }

    @Override
    public FileChannel position(long value) throws IOException {
      file.position(value);
      return this;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      file.truncate(size);
      return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
      file.force(metaData);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return file.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      file.close();
    }
  }
}
