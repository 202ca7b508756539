package dev.carillon.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

class SparingLogTest {

  private final List<String> warnings = new CopyOnWriteArrayList<>();

  /** Notes warnings, and writes nothing else. */
  private final Logger logger =
      (Logger)
          Proxy.newProxyInstance(
              Logger.class.getClassLoader(),
              new Class<?>[] {Logger.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("warn")) {
                  String format = (String) arguments[0];
                  warnings.add(
                      MessageFormatter.format(format, arguments[1], arguments[2]).getMessage());
                }
                return method.getReturnType() == boolean.class ? false : null;
              });

  @Test
  void warnsOnceASecondAndSaysHowManyThereWere() {
    SparingLog log = new SparingLog(logger);
    for (int i = 0; i < 1_000; i++) {
      log.warn("away");
    }
    assertThat(warnings).first().isEqualTo("away");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              log.warn("still away");
              return warnings.stream()
                  .anyMatch(line -> line.matches("still away, and \\d+ others before it"));
            });
    assertThat(warnings).hasSizeLessThan(10);
  }

  @Test
  void keepsALineALine() {
    new SparingLog(logger).warn("a topic\nWARN of a stranger's\u001b[31m making");
    assertThat(warnings).containsExactly("a topic WARN of a stranger's [31m making");
  }
}
