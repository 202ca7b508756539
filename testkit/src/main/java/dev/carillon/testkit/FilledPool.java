package dev.carillon.testkit;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;

/**
 * An application that has filled the common pool with work that does not end, in a process of its
 * own: what a client does must not depend on that pool.
 */
public final class FilledPool {

  private static final int PARALLELISM = 2;

  private FilledPool() {}

  /**
   * Runs a main class in such a process, until it ends.
   *
   * @return what it printed, on standard output and standard error
   */
  public static String run(Class<?> user, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.util.concurrent.ForkJoinPool.common.parallelism=" + PARALLELISM);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(FilledPool.class.getName());
    command.add(user.getName());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** Fills the pool and runs the main class that is named first with the other arguments. */
  public static void main(String[] arguments) throws Exception {
    CountDownLatch filled = new CountDownLatch(PARALLELISM);
    for (int i = 0; i < PARALLELISM; i++) {
      ForkJoinPool.commonPool()
          .execute(
              () -> {
                filled.countDown();
                keepBusy();
              });
    }
    filled.await();
    Method user = Class.forName(arguments[0]).getDeclaredMethod("main", String[].class);
    user.setAccessible(true);
    user.invoke(
        null, (Object) List.of(arguments).subList(1, arguments.length).toArray(String[]::new));
    System.exit(0);
  }

  private static void keepBusy() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
