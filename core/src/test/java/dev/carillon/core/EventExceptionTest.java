package dev.carillon.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

final class EventExceptionTest {

  private final IllegalStateException broken = new IllegalStateException("broken");

  @Test
  void whatIsNotKnownMayHaveArrivedUnlessNothingWasSent() {
    EventException unknown = EventException.of(new CompletionException(broken));
    assertThat(unknown).hasCause(broken);
    assertThat(unknown.mayHaveArrived()).isTrue();
    EventException unsent = EventException.unsent(new CompletionException(broken));
    assertThat(unsent).hasCause(broken);
    assertThat(unsent.mayHaveArrived()).isFalse();
    assertThat(unsent.isRetryable()).isFalse();
  }

  @Test
  void keepsWhatAFailureKnowsWhenNothingWasSent() {
    EventException invalid = new EventValidationException("data", "is missing");
    assertThat(EventException.unsent(invalid)).isSameAs(invalid);
    Duration later = Duration.ofSeconds(3);
    EventException elsewhere = new EventException("busy", true, true, later, null);
    EventException unsent = EventException.unsent(elsewhere);
    assertThat(unsent).hasCause(elsewhere);
    assertThat(unsent.mayHaveArrived()).isFalse();
    assertThat(unsent.isRetryable()).isTrue();
    assertThat(unsent.retryAfter()).contains(later);
  }
}
