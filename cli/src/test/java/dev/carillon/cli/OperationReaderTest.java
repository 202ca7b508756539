package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.analytics.ConversationMetadata;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OperationReaderTest {

  @Test
  void keepsTheDecimalsOfMetadata() throws BadMessageException {
    String line =
        "{\"conversation_id\":\"c\",\"event_name\":\"event_a\","
            + "\"conversation_metadata\":{\"price\":1.10}}";
    AnalyticsOperation read = new OperationReader().read(line.getBytes(StandardCharsets.UTF_8));
    assertThat(((AnalyticsOperation.Create) read).event().conversationMetadata())
        .extracting(ConversationMetadata::json)
        .isEqualTo("{\"price\":1.10}");
  }
}
