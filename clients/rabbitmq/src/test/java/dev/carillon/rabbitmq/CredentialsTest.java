package dev.carillon.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passwords are printed nowhere, whatever is in them. */
final class CredentialsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "amqp://guest:/s3cret@rabbit:5672/prod",
        "amqp://guest:/s3cret@rabbit:5672",
        "amqp://guest:12#s3cret@rabbit",
        "amqp://guest:12?s3cret@rabbit",
        "amqp://guest:12/s3cret@rabbit",
        "amqp://guest:12@4/s3cret@rabbit/prod",
        "amqp://guest:12@s3cret@rabbit",
        "amqp://guest:s3c ret@rabbit"
      })
  void aPasswordThatIsNotEscapedIsRefusedAndMasked(String url) {
    EventPublisherConfigBuilder settings = EventPublisherConfig.builder();
    assertThatThrownBy(() -> EventPublisher.of(settings.rabbitmqUrl(url).build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("***@rabbit")
        .hasMessageNotContainingAny("s3c", "guest");
  }

  @Test
  void onePercentEncodedIsTaken() {
    EventPublisherConfigBuilder settings = EventPublisherConfig.builder();
    String url = "amqp://guest:%2Fs3cret%40@rabbit:5672/prod";
    try (EventPublisher publisher = EventPublisher.of(settings.rabbitmqUrl(url).build())) {
      assertThat(publisher).asString().contains("amqp://***@rabbit:5672/prod");
    }
  }
}
