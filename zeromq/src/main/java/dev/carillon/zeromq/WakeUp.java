package dev.carillon.zeromq;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/** Wakes a thread that polls sockets; many calls before it looks are one. Thread-safe. */
public final class WakeUp implements AutoCloseable {

  private final Pipe pipe;
  private final AtomicBoolean called = new AtomicBoolean();
  private volatile boolean written;

  /**
   * Creates one that nobody has called.
   *
   * @throws IOException if the process may open no more files
   */
  public WakeUp() throws IOException {
    pipe = Pipe.open();
    pipe.source().configureBlocking(false);
    pipe.sink().configureBlocking(false);
  }

  /** What the thread polls beside its sockets; never read it otherwise. */
  public SelectableChannel channel() {
    return pipe.source();
  }

  /** Wakes the thread, or has its next poll return at once; does nothing once this is closed. */
  public void call() {
    if (called.compareAndSet(false, true)) {
      try {
        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
        written = true;
      } catch (IOException e) {
        called.set(false); // closed: nobody is there to be woken
      }
    }
  }

  /** Forgets the calls so far; what they were about is to be looked at after this. */
  public void clear() {
    if (!written) {
      return; // or a call is about to say so, whose byte will wake the thread again
    }
    try {
      pipe.source().read(ByteBuffer.allocate(8));
      written = false; // there is never more than one byte: the next call comes after this
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    called.set(false);
  }

  @Override
  public void close() {
    try {
      pipe.sink().close();
      pipe.source().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
