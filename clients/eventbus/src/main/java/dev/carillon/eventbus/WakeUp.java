package dev.carillon.eventbus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Wakes a thread that polls sockets; many calls before it looks are one. Thread-safe. */
final class WakeUp implements AutoCloseable {

  private final Pipe pipe;
  private final AtomicBoolean called = new AtomicBoolean();
  private final AtomicInteger written = new AtomicInteger();
  private int read;

  WakeUp() throws IOException {
    pipe = Pipe.open();
    pipe.source().configureBlocking(false);
    pipe.sink().configureBlocking(false);
  }

  SelectableChannel channel() {
    return pipe.source();
  }

  void call() {
    if (called.compareAndSet(false, true)) {
      try {
        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
        written.incrementAndGet();
      } catch (IOException e) {
        called.set(false); // closed: nobody is there to be woken
      }
    }
  }

  /** Forgets the calls so far; what they were about is to be looked at after this. */
  void clear() {
    if (written.get() == read) {
      return; // or a call is about to count its byte, which will wake the thread again
    }
    try {
      pipe.source().read(ByteBuffer.allocate(8));
      read++; // there is never more than one: the next is written after this
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
