package dev.carillon.dataservices;

import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/** Starts asynchronous tasks in order, so many at a time. */
final class Lanes {

  private final int count;
  private final int width;
  private final IntFunction<CompletableFuture<?>> start;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private int next;
  private int running;

  private Lanes(int count, int width, IntFunction<CompletableFuture<?>> start) {
    this.count = count;
    this.width = width;
    this.start = start;
  }

  /** Completes when all tasks have, in whichever way. */
  static CompletableFuture<Void> run(
      int count, int width, IntFunction<CompletableFuture<?>> start) {
    Lanes lanes = new Lanes(count, width, start);
    lanes.advance();
    return lanes.done;
  }

  private void advance() {
    for (int task = take(); task >= 0; task = take()) {
      CompletableFuture<?> started = start.apply(task);
      if (!started.isDone()) {
        var unused =
            started.whenComplete(
                (result, error) -> {
                  release();
                  advance();
                });
      } else {
        release(); // and go on here: a recursion could be as deep as there are tasks
      }
    }
    if (isOver()) {
      done.complete(null);
    }
  }

  private synchronized int take() {
    if (next == count || running == width) {
      return -1;
    }
    running++;
    return next++;
  }

  private synchronized void release() {
    running--;
  }

  private synchronized boolean isOver() {
    return next == count && running == 0;
  }
}
