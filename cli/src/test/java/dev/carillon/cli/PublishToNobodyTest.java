package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code publish} of many lines where nobody answers, or not any more. */
@Timeout(60)
final class PublishToNobodyTest {

  private static final String EVENT = "{\"topic\":\"a\",\"subjects\":[],\"data\":{}}\n";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "dataservices --url http://127.0.0.1:1 | {'topic':'a','subjects':[],'data':{}}",
        "analytics --url http://127.0.0.1:1 | {'conversation_id':'c','event_name':'event_a'}",
        "rabbitmq --organization-id o --url amqp://127.0.0.1:1 | {'event_type':'a.b','data':{}}",
        "eventgrid --key ZGVtbw== --endpoint http://127.0.0.1:1/t/api/events"
            + "| {'eventType':'t','subject':'s'}"
      })
  void triesOneLineAndSaysWhereToGoOn(String command, String event) throws IOException {
    Run run = publish(command, event);

    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).contains(" 0, failed 1, not tried 2999");
    assertThat(run.err().lines().filter(text -> text.startsWith("line "))).hasSize(2);
    assertThat(run.err())
        .contains("line 1: ")
        .contains("line 3: from here on nothing was tried, since nothing gets through")
        .contains("(2999 events)");
  }

  @Test
  void triesNoLineWhereConnectingTells() throws IOException {
    Run run = publish("eventbus --topic t --pub-port 1 --connect-timeout 1", "{'type':'a'}");

    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).contains("sent 0, failed 0, not tried 3000");
    assertThat(run.err())
        .contains("nobody answers at tcp://localhost:1")
        .contains("line 1: from here on nothing was tried");
  }

  private Run publish(String command, String event) throws IOException {
    String line = event.replace('\'', '"') + "\n";
    Path file = Files.writeString(folder.resolve("events"), line + "\n" + line.repeat(2_999));
    List<String> arguments = new ArrayList<>(List.of("publish"));
    arguments.addAll(List.of(command.split(" ")));
    arguments.addAll(List.of("--file", file.toString()));
    return Run.of(arguments.toArray(String[]::new));
  }

  @Test
  void leavesStandardInputThatDoesNotEnd() throws IOException {
    try (PipedInputStream in = new PipedInputStream();
        PipedOutputStream out = new PipedOutputStream(in)) {
      out.write((EVENT + EVENT).getBytes(StandardCharsets.UTF_8));

      Run run = publishStandardInput("http://127.0.0.1:1", in);

      assertThat(run.exitCode()).isOne();
      assertThat(run.out()).isEqualToIgnoringNewLines("sent 1, acknowledged 0, failed 1");
      assertThat(run.err())
          .contains("line 2: from here on nothing was tried, since nothing gets through")
          .doesNotContain("events)");
    }
  }

  @Test
  void stopsSomeTimeAfterTheServiceHasGone() throws IOException {
    ScriptedService service = ScriptedService.start();
    InputStream rest =
        new ByteArrayInputStream(EVENT.repeat(100_000).getBytes(StandardCharsets.UTF_8)) {
          @Override
          public synchronized int read(byte[] to, int offset, int length) {
            service.close();
            return super.read(to, offset, length);
          }
        };
    InputStream first = new ByteArrayInputStream(EVENT.getBytes(StandardCharsets.UTF_8));

    Run run = publishStandardInput(service.url(), new SequenceInputStream(first, rest));

    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).contains("acknowledged 1, failed ");
    assertThat(run.err()).contains("line 2: a: ").contains(": from here on nothing was tried");
    assertThat(run.err().lines()).hasSizeBetween(1_000, 5_000); // of 100,000
  }

  private static Run publishStandardInput(String url, InputStream in) {
    InputStream before = System.in;
    System.setIn(in);
    try {
      return Run.of("publish", "dataservices", "--url", url, "--file", "-");
    } finally {
      System.setIn(before);
    }
  }
}
