package dev.carillon.cli;

import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on a terminal; how long it gets is known only for a file. */
final class BarProgress implements Progress {

  private static final String CLEAR_LINE = "\r\033[K";

  private final PrintWriter err;
  private final ProgressBar bar;

  /**
   * @param size of the input in bytes, -1 if unknown
   */
  BarProgress(PrintWriter err, long size) {
    this.err = err;
    this.bar =
        new ProgressBarBuilder()
            .setTaskName("publishing")
            .setInitialMax(size)
            .setUnit("KiB", 1024)
            .setStyle(ProgressBarStyle.ASCII)
            .clearDisplayOnFinish()
            .build();
  }

  @Override
  public void read(long bytes) {
    bar.stepTo(bytes);
  }

  @Override
  public void answered(long events) {
    bar.setExtraMessage(events + " events");
  }

  @Override
  public synchronized void note(String line) {
    err.println(CLEAR_LINE + line);
    err.flush();
  }

  @Override
  public void close() {
    bar.close();
  }
}
