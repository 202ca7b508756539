package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.analytics.AnalyticsEvent;
import dev.carillon.analytics.ConversationMetadata;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RowsTest {

  private static final AnalyticsEvent HOSTILE =
      new AnalyticsEvent(
          "1",
          "c",
          ConversationMetadata.none(),
          "event_a",
          "",
          1.5,
          "clear\u001b[2J\u009b2J\nand\ttitle \u001b]0;mine\u0007",
          List.of(),
          "",
          List.of(),
          Instant.EPOCH,
          Instant.EPOCH);

  private static final String HARMLESS = "clear\uFFFD[2J\uFFFD2J and title \uFFFD]0;mine\uFFFD";

  @Test
  void showsControlCharactersInATableInsteadOfLettingThemAct() {
    assertThat(printed(out -> Rows.printTable(out, List.of(HOSTILE), "id", "input")).lines())
        .containsExactly("id  input", " 1  " + HARMLESS);
  }

  @Test
  void showsControlCharactersInMembersInsteadOfLettingThemAct() {
    assertThat(printed(out -> Rows.printMembers(out, HOSTILE)).lines())
        .hasSize(12)
        .contains("input                  " + HARMLESS);
  }

  private static String printed(Consumer<PrintWriter> printing) {
    StringWriter text = new StringWriter();
    printing.accept(new PrintWriter(text));
    return text.toString();
  }
}
