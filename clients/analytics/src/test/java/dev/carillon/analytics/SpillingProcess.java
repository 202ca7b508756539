package dev.carillon.analytics;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** An application that tracks into a spill folder while the service is away, until it is killed. */
final class SpillingProcess {

  private SpillingProcess() {}

  /** The command that runs it. */
  static ProcessBuilder of(Path folder, String url, String conversation, int events) {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx128m",
        "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        SpillingProcess.class.getName(),
        folder.toString(),
        url,
        conversation,
        Integer.toString(events));
  }

  /** Arguments: the folder, the service's URL, the conversation, and how many events. */
  public static void main(String[] args) throws InterruptedException {
    int events = Integer.parseInt(args[3]);
    AnalyticsClient client =
        AnalyticsClient.builder().baseUrl(args[1]).retryDelay(Duration.ofMillis(50)).build();
    EventBuffer buffer =
        client.openBuffer(
            BufferPolicy.builder().batch(50, 1 << 20).spill(Path.of(args[0])).build());
    for (int i = 0; i < events; i++) {
      String id =
          String.valueOf(
              java.util.UUID.nameUUIDFromBytes(
                  (args[2] + i).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      var taken =
          buffer.trackEvent(
              TrackedEvent.builder(args[2], "event_a").id(id).input("number " + i).build());
      if (taken.isCompletedExceptionally()) {
        taken.join();
      }
    }
    System.out.println("tracked");
    new CountDownLatch(1).await();
  }
}
